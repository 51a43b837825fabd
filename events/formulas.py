"""What spreadsheets take for the beginning of a formula (OWASP, "CSV Injection").

Wide forms of the signs are taken for them too.
"""

FORMULA_SIGNS = "=+-@\t\r\n＝＋－＠"
