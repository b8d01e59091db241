// The scenes of "Show me", as data. A later capability adds its scene here.
//
// needs    names of the people whose phones take part
// tidy     what to press first when a visitor has already played: [phone or "anybody", button]
// steps    one explained step each:
//   title, say   what to tell the visitor
//   look         the phone to look at, or "panel"
//   does         acts, in order:
//     { who, types }               writes into the text box
//     { who, taps }                presses the newest button that contains this text
//     { until: who, minutes }      time goes on until this phone gets a message, at most so long

export const scenes = [
  {
    name: "A missed check-in",
    opening:
      "Sam goes to the café alone, as the plan says, and does not check in. " +
      "See how Kith asks Sam first, and then finds somebody who takes it on.",
    needs: ["Sam", "Jo", "Dev", "Amira"],
    tidy: [
      ["Sam", "I'm home"],
      ["Sam", "Skip"],
      ["Sam", "Not now"],
      ["anybody", "I've got this"],
      ["anybody", "Safe and well"],
    ],
    steps: [
      {
        title: "Sam wants to go out",
        say: "Sam writes /out. Kith offers the places from the plan that Sam agreed.",
        look: "Sam",
        does: [{ who: "Sam", types: "/out" }],
      },
      {
        title: "The café, for an hour",
        say: "Sam picks the place and when to be back. Kith reads it back before anything starts.",
        look: "Sam",
        does: [{ who: "Sam", taps: "Café" }, { who: "Sam", taps: "1 hour" }],
      },
      {
        title: "Sam sets off",
        say: "Four buttons stay on Sam’s phone: I’m OK, I’m late, I’m home, I need help.",
        look: "Sam",
        does: [{ who: "Sam", taps: "Set off" }],
      },
      {
        title: "An hour goes by",
        say: "It is time, and Sam has not pressed a button. Sam is asked first, kindly. Staff are not told yet.",
        look: "Sam",
        does: [{ until: "Sam", minutes: 65 }],
      },
      {
        title: "One more kind nudge",
        say: "Five minutes later Kith asks once more. Sam still has time to answer.",
        look: "Sam",
        does: [{ until: "Sam", minutes: 10 }],
      },
      {
        title: "The extra time ends. Jo is told",
        say: "Jo is Sam’s key worker. The alert says where Sam went and what was tried, never why Sam needs support.",
        look: "Jo",
        does: [{ until: "Jo", minutes: 15 }],
      },
      {
        title: "Jo does not answer. Dev is told",
        say: "Silence is never the end. Ten minutes later Kith asks Dev, who is on call.",
        look: "Dev",
        does: [{ until: "Dev", minutes: 15 }],
      },
      {
        title: "Dev takes it on",
        say: "Dev presses “I’ve got this”. Now one person holds it, and Jo can see who.",
        look: "Dev",
        does: [{ who: "Dev", taps: "I've got this" }],
      },
      {
        title: "Sam is not left wondering",
        say: "At each step Sam’s own phone says who was asked, and now who has seen it.",
        look: "Sam",
        does: [],
      },
      {
        title: "Amira’s phone says nothing of Sam",
        say: "Amira is Sam’s mother, and Sam lets her know that something happened. She is called to read it. Not a word stands there before she taps.",
        look: "Amira",
        does: [],
      },
      {
        title: "And Kith says why",
        say: "“Not told: Leo. Sam has chosen nothing about this for Leo.” Every yes and every no stands here with its reason.",
        look: "panel",
        does: [],
      },
      {
        title: "Safe and well",
        say: "Dev has spoken to Sam. Only a person can close an alert, and Dev does. Now try it yourself on any phone.",
        look: "Dev",
        does: [{ who: "Dev", taps: "Safe and well" }],
      },
    ],
  },
];
