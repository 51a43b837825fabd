// The SQL page works without this; with it, Ctrl-Enter (or Command-Enter) runs the query.
"use strict";

const query = document.getElementById("sql");
query.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    query.form.requestSubmit();
  }
});
