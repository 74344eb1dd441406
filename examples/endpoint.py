"""Dịch vụ web: an endpoint that answers a dossier in JSON, and refuses every bad one with 422 and its faults.

It needs FastAPI. Run as a script, it asks itself about Halo Mold Tech (invented cost).
"""

import json
from pathlib import Path

try:
    from fastapi import FastAPI, Request
    from fastapi.responses import JSONResponse, Response
    from fastapi.testclient import TestClient
except ImportError:
    raise SystemExit("this example needs FastAPI: pip install fastapi httpx2") from None
from kcgrant import Application, KcgrantError, assess
from kcgrant.assessment import json_schema

app, both = FastAPI(title="kcgrant"), json.dumps([Application.model_json_schema(), json_schema()])
asked, answered = json.loads(both.replace("#/$defs/", "#/components/schemas/"))
body, told = ({"content": {"application/json": {"schema": one}}} for one in (asked, answered))


@app.exception_handler(KcgrantError)
def refuse(_: Request, error: KcgrantError) -> JSONResponse:
    """Every fault with its place and what to write; an error of ours is never one of the server."""
    faults = [{"where": one.where, "en": one.text.en, "vi": one.text.vi} for one in error.faults]
    return JSONResponse({"faults": faults, "more": error.more}, 422)


@app.post("/ceiling", openapi_extra={"requestBody": body, "responses": {"200": told}})
async def ceiling(request: Request) -> Response:
    """The assessment of the application that is posted."""
    return Response(assess(Application.from_json(await request.body())).to_json(), media_type="application/json")


app.openapi()["components"] = {"schemas": answered.pop("$defs") | asked.pop("$defs")}  # shown at /docs
if __name__ == "__main__":
    dossier = Path(__file__).with_name("halo-mold-tech.json").read_bytes()
    print(f"Mức tối đa: {TestClient(app).post('/ceiling', content=dossier).json()['maximum_vnd']:,} đồng".replace(",", "."))
