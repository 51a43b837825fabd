"""The JSON Schema of a sheet, for editors that check and complete while one types."""

from typing import Any

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from ledger.sheets.model import Sheet


class EveryScalarIsText(GenerateJsonSchema):
    """An editor takes 3500 for a number and true for a truth; in a sheet they are texts."""

    def str_schema(self, schema: core_schema.StringSchema) -> JsonSchemaValue:
        """A text, in whatever way it is written."""
        return {**super().str_schema(schema), "type": ["string", "number", "boolean"]}


def sheet_schema() -> dict[str, Any]:
    """JSON Schema (draft 2020-12) of a claim sheet."""
    made: dict[str, Any] = Sheet.model_json_schema(schema_generator=EveryScalarIsText)
    return {"$schema": EveryScalarIsText.schema_dialect, **made, "title": "Claim sheet"}
