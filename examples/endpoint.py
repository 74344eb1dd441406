"""Dịch vụ web: an endpoint that answers a dossier in JSON, and refuses every bad one with 422 and its faults.

It needs FastAPI: pip install fastapi httpx2. Run as a script, it asks itself about Halo Mold Tech (invented cost).
"""

from pathlib import Path

try:
    from fastapi import FastAPI, Request, Response
    from fastapi.responses import JSONResponse
    from fastapi.testclient import TestClient
except ImportError:
    raise SystemExit("this example needs FastAPI: pip install fastapi httpx2") from None

from kcgrant import Application, KcgrantError, assess

app = FastAPI(title="kcgrant")


@app.exception_handler(KcgrantError)
def refuse(_: Request, error: KcgrantError) -> JSONResponse:
    """Every fault with its place and what to write; an error of ours is never one of the server."""
    faults = [{"where": one.where, "en": one.text.en, "vi": one.text.vi} for one in error.faults]
    return JSONResponse({"faults": faults, "more": error.more}, 422)


@app.post("/ceiling")
async def ceiling(request: Request) -> Response:
    """The assessment of the application that is posted, as a document."""
    stated = Application.from_json(await request.body())
    return Response(assess(stated).to_json(), media_type="application/json")


if __name__ == "__main__":
    dossier = (Path(__file__).parent / "halo-mold-tech.json").read_bytes()
    answer = TestClient(app).post("/ceiling", content=dossier).json()
    print(f"Mức tối đa: {answer['maximum_vnd']:,} đồng ({answer['verdict']})".replace(",", "."))
