"""What is kept: tables, migrations, one transaction at a time."""

from sqlalchemy import Connection as Connection
