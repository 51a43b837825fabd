"""What the works and their contenders are called in the results."""

SINGLE, BATCHED = "append one", "append batches of 1,000"
BUILD, COMMANDS, AGAIN = "append all", "claims append", "claims append again"
SEAL, REBUILD, VERIFY = "claims seal", "rebuild", "claims verify"
VERIFY_LOG = "claims verify --log-only"
SEALED_BYTES = "sealed bytes"
ASK, CATCH_UP, SUBMIT = "ask", "catch up", "submit"
STATUS, ADD, HELP = "claims status", "claims add", "claims --help"
ASKS, OPENS = "a reader asks", "a reader opens the views"

ALONE, BESIDE = "alone", "beside an append and a rebuild"
MEDIAN, LONGEST = "median", "longest"

SAME, FEW, BARE = "bare DuckDB, same columns", "bare DuckDB, few columns", "bare DuckDB table"
