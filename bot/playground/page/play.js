// The control interface of the playground, and the state that the page shows.

export class Refused extends Error {
  constructor(status, sentence) {
    super(sentence);
    this.status = status;
  }
}

async function call(method, path, body) {
  let response;
  try {
    response = await fetch(`/play${path}`, {
      method,
      headers: body ? { "Content-Type": "application/json" } : {},
      body: body && JSON.stringify(body),
    });
  } catch {
    throw new Refused(0, "The playground does not answer. Is it still running?");
  }
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) {
    throw new Refused(response.status, answer.error ?? "The playground could not do that.");
  }
  return answer;
}

export const write = (id, text) => call("POST", `/chats/${id}/text`, { text });
export const tap = (id, button, messageId) =>
  call("POST", `/chats/${id}/tap`, { button, message_id: messageId });
export const sendPlace = (id, latitude, longitude) =>
  call("POST", `/chats/${id}/location`, { latitude, longitude });
export const sendPhoto = (id) => call("POST", `/chats/${id}/photo`, {});
export const block = (id, blocked) => call("POST", `/chats/${id}/block`, { blocked });
export const addPerson = (name) => call("POST", "/people", { name });
export const advance = (seconds) => call("POST", "/clock/advance", { seconds });
export const nextThing = () => call("POST", "/clock/next");
export const startFault = (fault) => call("POST", "/faults", fault);
export const clearFaults = () => call("DELETE", "/faults");

/** Keeps `live.state` fresh from the server's stream and calls `show` at each change. */
export function follow(show, lost) {
  const live = { state: null, refresh };
  let running = null;
  let again = false;

  async function load() {
    do {
      again = false;
      live.state = await call("GET", "/state");
      show(live.state);
    } while (again);
  }

  /** Resolves when a state fetched after this call is on the page. */
  function refresh() {
    if (running) again = true;
    else running = load().finally(() => (running = null));
    return running;
  }

  const stream = new EventSource("/play/stream");
  stream.onmessage = (event) => {
    lost(false);
    if (JSON.parse(event.data).version !== live.state?.version) refresh().catch(() => lost(true));
  };
  stream.onopen = () => refresh().catch(() => lost(true));
  stream.onerror = () => lost(true);
  return live;
}
