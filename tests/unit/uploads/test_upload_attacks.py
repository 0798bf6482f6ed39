"""Files made to do harm, lies about sizes, and links that may not send."""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from tests.upload_files import bomb, box, film, packed, picture, webm
from tests.upload_stage import BODY, CALL, CENTRE, LEE, SMALL, TUS, Stage, opened

from ringdown.core.errors import Unavailable
from ringdown.runtime.db import Tx
from ringdown.uploads.adapters.picture_process import PictureProcess
from ringdown.uploads.adapters.scan_command import ScanCommand, ScanUnavailable, open_scanner
from ringdown.uploads.fakes import FakePictures, FakeScanner
from ringdown.uploads.model import NoRoom
from ringdown.uploads.ports import Picture
from ringdown.uploads.settings import UploadSettings

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>fetch("//x.example")</script></svg>'
JUNK = b"\xff\xd8\xff\xe0" + b"\x00" * 2000


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    async with opened(tmp_path) as found:
        yield found


# ---- what is inside


@pytest.mark.parametrize(
    ("data", "code"),
    [
        pytest.param(SVG, "markup", id="svg with script"),
        pytest.param(b'<?xml version="1.0"?>' + SVG, "markup", id="svg as xml"),
        pytest.param(b"<!doctype html><script>1</script>", "markup", id="page"),
        pytest.param(packed(), "archive", id="zip bomb"),
        pytest.param(film(b"heic"), "heif", id="heic"),
        pytest.param(b"MZ" + bytes(500), "unknown_kind", id="program"),
        pytest.param(film(b"M4A "), "unknown_kind", id="sound"),
    ],
)
async def test_what_is_no_photo_is_refused_at_its_first_bytes(
    stage: Stage, data: bytes, code: str
) -> None:
    """Whatever its sender says it is; the answer tells the phone, and nothing is kept."""
    upload_id, answer = await stage.send(data, "image/jpeg")
    assert (answer.status_code, answer.json()["code"]) == (415, f"uploads.file.{code}")
    assert answer.json()["action"]
    assert answer.json()["status"] == 415
    view = await stage.view(upload_id)
    assert (view.state, view.reason) == ("refused", f"uploads.file.{code}")
    assert stage.on_disk() == []
    again = await stage.write(f"/l/api/uploads/{upload_id}", 0, b"x")
    assert (again.status_code, again.json()["code"]) == (415, f"uploads.file.{code}")
    async with stage.phone() as phone:
        told = (await phone.get(f"/l/api/uploads/{upload_id}")).json()
    assert (told["state"], told["code"]) == ("refused", f"uploads.file.{code}")


@pytest.mark.parametrize(
    ("data", "code"),
    [
        pytest.param(picture() + packed(), "several_kinds", id="photo and zip"),
        pytest.param(picture() + b"<script>1</script>", "several_kinds", id="photo and page"),
        pytest.param(
            picture()[:20] + b"<html><body>" + picture()[20:], "several_kinds", id="page in head"
        ),
        pytest.param(b"GIF89a/*" + bytes(90) + b"*/=1;<script>", "several_kinds", id="gif, script"),
        pytest.param(picture() + b"%PDF-1.7 ", "several_kinds", id="photo and pdf"),
        pytest.param(film() + packed(), "several_kinds", id="film and zip"),
        pytest.param(film(b"isom", box(b"free", SVG)), "several_kinds", id="film and svg"),
        pytest.param(webm() + b"<iframe src=x>", "several_kinds", id="webm and page"),
        pytest.param(film() + b"MZ" + bytes(80), "broken", id="film and program"),
        pytest.param(film(handler=b"soun"), "unknown_kind", id="film without picture"),
        pytest.param(film()[:-4], "broken", id="film cut short"),
        pytest.param(bomb(), "too_many_pixels", id="decompression bomb"),
        pytest.param(JUNK, "broken", id="junk"),
    ],
)
async def test_what_hides_in_a_photo_or_film_is_refused_by_the_check(
    tmp_path: Path, data: bytes, code: str
) -> None:
    """Nobody is shown a thing of it, and nothing is kept."""
    async with opened(tmp_path, PictureProcess()) as stage:
        upload_id, answer = await stage.send(data)
        assert answer.status_code == 204
        view = await stage.view(upload_id)
        assert (view.state, view.reason) == ("refused", f"uploads.file.{code}")
        assert stage.on_disk() == []
        assert (await stage.acts())[-1] == ("uploads:file:refused", "uploads")
        async with stage.console("lee") as lee:
            for part in ("picture", "file", "export"):
                assert (await lee.get(f"/uploads/{upload_id}/{part}")).status_code == 410


async def test_a_program_behind_a_photo_is_not_in_what_is_shown(tmp_path: Path) -> None:
    """What no check knows does not come through the making anew; a motion photo is taken."""
    async with opened(tmp_path, PictureProcess()) as stage:
        upload_id, _ = await stage.send(picture() + b"EVIL" * 100 + film())
        async with stage.console("lee") as lee:
            for part in ("picture", "file", "export"):
                shown = await lee.get(f"/uploads/{upload_id}/{part}")
                assert shown.status_code == 200
                assert b"EVIL" not in shown.content


# ---- sizes


async def test_four_gigabytes_are_refused_at_once(stage: Stage) -> None:
    """Before a byte of them is taken; so is one byte too many, and none at all."""
    for size, code, status in (
        (4 << 30, "too_large", 413),
        (1_000_001, "too_large", 413),
        (0, "empty", 415),
    ):
        answer = await stage.begin(size)
        assert (answer.status_code, answer.json()["code"]) == (status, f"uploads.file.{code}")
    assert (await stage.begin(2_000_001, "video/mp4")).status_code == 413
    assert (await stage.begin(2_000_000, "video/mp4")).status_code == 201
    async with stage.phone() as phone:
        said = await phone.options("/l/api/uploads")
    assert (said.headers["tus-max-size"], said.headers["tus-version"]) == ("2000000", "1.0.0")


async def test_more_than_was_said_is_refused_while_it_comes(stage: Stage) -> None:
    """A small file is announced and a large one sent: it is gone before it is written."""
    made = await stage.begin(5000)
    place = made.headers["location"]
    taken = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal taken
        yield picture()
        while True:
            taken += 1
            yield bytes(10_000)

    async with stage.phone() as phone:
        headers = {**BODY, "Upload-Offset": "0"}
        answer = await phone.patch(place, headers=headers, content=endless())
    assert (answer.status_code, answer.json()["code"]) == (413, "uploads.file.too_large")
    assert taken < 500
    assert stage.on_disk() == []
    assert (await stage.held(place)).status_code == 410


async def test_a_photo_that_came_as_a_video_has_the_limit_of_photos(stage: Stage) -> None:
    """What it is, its bytes say."""
    made = await stage.begin(1_500_000, "video/mp4")
    answer = await stage.write(made.headers["location"], 0, picture() + bytes(2000))
    assert (answer.status_code, answer.json()["code"]) == (413, "uploads.file.too_large")


async def test_a_body_above_every_limit_is_not_read(stage: Stage) -> None:
    """By what it says of itself; other routes keep their own limit."""
    place = (await stage.begin(5000)).headers["location"]
    async with stage.phone() as phone:
        for path in (place, "/l/api/uploads"):
            answer = await phone.request(
                "PATCH", path, headers={**BODY, "content-length": str(4 << 30)}, content=b"x"
            )
            assert answer.json()["code"] == "request.body_too_large"
    assert (await stage.held(place)).headers["upload-offset"] == "0"


async def test_a_full_disk_takes_no_files_and_loses_none(stage: Stage) -> None:
    """Room is left for recordings; what was begun goes on once there is room again."""
    place = (await stage.begin(len(picture()))).headers["location"]
    stage.settings = UploadSettings(keep_free_mb=2_000_000_000)
    stage.restart()
    assert (await stage.begin(10)).json()["code"] == "uploads.disk.full"
    assert (await stage.write(place, 0, picture())).status_code == 503
    with pytest.raises(NoRoom):
        await stage.by_text(picture())
    stage.settings = SMALL
    stage.restart()
    assert (await stage.write(place, 0, picture())).status_code == 204
    await stage.by_text(picture())
    await stage.service.checking.look()
    assert [each.state for each in await stage.views()] == ["quarantined", "quarantined"]


async def test_a_link_sends_only_so_many_files(stage: Stage) -> None:
    """Refused ones count for less, but not for nothing; another link has its own count."""
    for _ in range(3):
        await stage.send(SVG)
    for _ in range(3):
        assert (await stage.begin(10)).status_code == 201
    answer = await stage.begin(10)
    assert (answer.status_code, answer.json()["code"]) == (429, "uploads.link.full")
    assert (await stage.begin(10, cookie="other")).status_code == 201
    for each in await stage.views():
        if each.state == "receiving" and each.link_id == "link_phone":
            async with stage.phone() as phone:
                await phone.delete(f"/l/api/uploads/{each.upload_id}", headers=TUS)
    for _ in range(3):
        await stage.send(SVG)
    assert (await stage.begin(10)).status_code == 429


async def test_a_file_whose_rest_never_comes_is_given_up(stage: Stage) -> None:
    """After a day, and not before."""
    place = (await stage.begin(5000)).headers["location"]
    await stage.write(place, 0, picture())
    stage.clock.advance(timedelta(hours=23).total_seconds())
    await stage.service.checking.look()
    assert (await stage.views())[0].state == "receiving"
    stage.clock.advance(timedelta(hours=2).total_seconds())
    await stage.service.checking.look()
    assert (await stage.views())[0].reason == "uploads.file.never_whole"
    assert stage.on_disk() == []


async def test_two_connections_for_one_file_mix_nothing(stage: Stage) -> None:
    """One is told where the file goes on; the bytes are those of the phone."""
    photo = picture(size=(300, 300))
    place = (await stage.begin(len(photo))).headers["location"]
    both = await asyncio.gather(*(stage.write(place, 0, photo[:900]) for _ in range(2)))
    assert sorted(answer.status_code for answer in both) in ([204, 409], [204, 204])
    assert (await stage.held(place)).headers["upload-offset"] == "900"
    assert (await stage.write(place, 900, photo[900:])).status_code == 204
    with stage.files.open(stage.files.places()[0], "file") as file:
        assert file.read() == photo


# ---- who sends


@pytest.mark.parametrize(
    ("cookie", "status", "code"),
    [
        ("", 401, "caller.page.unknown"),
        ("forged", 401, "caller.page.unknown"),
        ("over", 410, "caller.link.over"),
        ("silent", 403, "caller.share.not_agreed"),
        ("other", 404, "uploads.file.not_found"),
    ],
)
async def test_only_the_phone_that_began_a_file_goes_on_with_it(
    stage: Stage, cookie: str, status: int, code: str
) -> None:
    """Another link of the same call sees nothing; a withdrawn consent ends it at once."""
    place = (await stage.begin(5000)).headers["location"]
    await stage.write(place, 0, picture())
    async with stage.phone(cookie) as phone:
        tries: list[Callable[[], object]] = [
            lambda: phone.patch(place, headers={**BODY, "Upload-Offset": "0"}, content=b"x"),
            lambda: phone.delete(place, headers=TUS),
            lambda: phone.get(place),
        ]
        for each in tries:
            answer: httpx.Response = await each()  # type: ignore[misc]
            assert (answer.status_code, answer.json()["code"]) == (status, code)
        assert (await phone.head(place, headers=TUS)).status_code == status
    assert (await stage.views())[0].state == "receiving"


async def test_a_consent_that_ends_ends_the_file_that_comes(stage: Stage) -> None:
    """In the middle of its bytes; what had come is taken away, what was whole stays."""
    whole, _ = await stage.send(picture())
    place = (await stage.begin(900_000)).headers["location"]
    stage.phones.answers = 2
    sent = 0

    async def long() -> AsyncIterator[bytes]:
        nonlocal sent
        yield picture()
        for _ in range(80):
            sent += 10_000
            yield bytes(10_000)

    async with stage.phone() as phone:
        headers = {**BODY, "Upload-Offset": "0"}
        answer = await phone.patch(place, headers=headers, content=long())
    assert (answer.status_code, answer.json()["code"]) == (403, "caller.share.not_agreed")
    assert sent < 600_000
    await stage.service.receiving.give_up(CENTRE, CALL, "link_other")
    assert (await stage.views())[1].state == "receiving"
    await stage.service.receiving.give_up(CENTRE, CALL, "link_phone")
    left = (await stage.views())[1]
    assert (left.state, left.reason) == ("refused", "uploads.file.never_whole")
    assert stage.on_disk() == [f"{whole}.picture", f"{whole}.sealed"]


@pytest.mark.parametrize("who", ["the link", "a person"])
async def test_a_file_taken_away_while_it_comes_does_not_come_back(stage: Stage, who: str) -> None:
    """Its last bytes were under way already: they are not kept, and nobody is shown it."""
    photo = picture()
    place = (await stage.begin(len(photo))).headers["location"]
    upload_id = place.rpartition("/")[2]

    async def cut_in() -> AsyncIterator[bytes]:
        yield photo[:500]
        if who == "the link":
            await stage.service.receiving.give_up(CENTRE, CALL, "link_phone")
        else:
            await stage.service.remove(LEE, CALL, upload_id, "Somebody else's papers")
        yield photo[500:]

    async with stage.phone() as phone:
        headers = {**BODY, "Upload-Offset": "0"}
        answer = await phone.patch(place, headers=headers, content=cut_in())
    assert answer.status_code == 409
    await stage.service.checking.look()
    assert (await stage.view(upload_id)).state == {"the link": "refused"}.get(who, "removed")
    assert stage.on_disk() == []
    assert (await stage.held(place)).status_code == 410


async def test_a_file_removed_while_it_is_checked_stays_removed(tmp_path: Path) -> None:
    """What the check makes of it is not kept, and the log does not tell that it arrived."""

    class Slow(FakePictures):
        async def develop(self, data: bytes, content_type: str, *, longest_side: int) -> Picture:
            (view,) = await stage.views()
            await stage.service.remove(LEE, CALL, view.upload_id, "Somebody else's papers")
            return await super().develop(data, content_type, longest_side=longest_side)

    async with opened(tmp_path, Slow()) as stage:
        upload_id, _ = await stage.send(picture())
        assert (await stage.view(upload_id)).state == "removed"
        assert stage.on_disk() == []
        assert await stage.acts() == [("uploads:file:removed", "Lee")]


async def test_another_sites_page_sends_nothing(stage: Stage) -> None:
    """Not even with the phone's cookie."""
    place = (await stage.begin(5000)).headers["location"]
    async with stage.phone() as phone:
        phone.headers["origin"] = "https://elsewhere.example"
        for method, headers in (("PATCH", {**BODY, "Upload-Offset": "0"}), ("DELETE", TUS)):
            answer = await phone.request(method, place, headers=headers, content=b"x")
            assert answer.status_code == 403
        made = await phone.post("/l/api/uploads", headers={**TUS, "Upload-Length": "9"})
        assert made.status_code == 403


async def test_the_protocol_is_kept_to(stage: Stage) -> None:
    """Another version, a length told later, another kind of body, a place out of nowhere."""
    place = (await stage.begin(5000)).headers["location"]
    async with stage.phone() as phone:
        other = await phone.post("/l/api/uploads", headers={"Tus-Resumable": "0.2.0"})
        assert (other.status_code, other.headers["tus-version"]) == (412, "1.0.0")
        for headers in ({"Upload-Defer-Length": "1"}, {"Upload-Length": "-1"}):
            answer = await phone.post("/l/api/uploads", headers={**TUS, **headers})
            assert (answer.status_code, answer.json()["code"]) == (400, "request.malformed")
        plain = {**TUS, "Upload-Offset": "0", "Content-Type": "image/jpeg"}
        assert (await phone.patch(place, headers=plain, content=b"x")).status_code == 415
        assert (await phone.patch(place, headers=BODY, content=b"x")).status_code == 400
        ahead = await phone.patch(place, headers={**BODY, "Upload-Offset": "9"}, content=b"x")
        assert (ahead.status_code, ahead.json()["details"]) == (409, {"offset": 0})
        assert ahead.headers["tus-resumable"] == "1.0.0"


# ---- the agency's own check


async def test_a_harmful_file_is_refused_and_an_unsure_check_waits(stage: Stage) -> None:
    """While the check cannot be done nobody is shown the file; then it goes on by itself."""
    stage.scanner = FakeScanner()
    stage.scanner.answer = True
    stage.restart()
    bad, _ = await stage.send(picture())
    assert (await stage.view(bad)).reason == "uploads.file.malware"
    stage.scanner.answer = Unavailable("out of order")
    waits, _ = await stage.send(picture())
    await stage.service.checking.look()
    view = await stage.view(waits)
    assert (view.state, view.reason) == ("checking", "runtime.unavailable")
    async with stage.console("lee") as lee:
        assert (await lee.get(f"/uploads/{waits}/picture")).status_code == 409
    stage.scanner.answer = False
    await stage.service.checking.look()
    view = await stage.view(waits)
    assert (view.state, view.reason) == ("quarantined", None)
    assert stage.scanner.looked_at[-1] == picture()
    assert not any(name.isalnum() for name in stage.on_disk())


async def test_the_check_is_a_program_that_answers_by_its_code(tmp_path: Path) -> None:
    """0 is clean, 1 is not; one that is not there, hangs, fails or is killed says nothing."""
    assert open_scanner(UploadSettings()) is None
    file = tmp_path / "file"
    file.write_bytes(b"EICAR")
    find = ("sh", "-c", 'grep -q EICAR "$1" && exit 1 || exit 0', "check")
    assert await ScanCommand(find, 20).harmful(file)
    file.write_bytes(b"clean")
    assert not await ScanCommand(find, 20).harmful(file)
    for command, patience in (
        (("/nowhere/scan",), 20),
        (("sh", "-c", "sleep 60; exit 0"), 0.2),
        (("sh", "-c", "kill -9 $$"), 20),
        (("sh", "-c", "exit 2"), 20),
    ):
        with pytest.raises(ScanUnavailable):
            await ScanCommand(command, patience).harmful(file)


# ---- stops in the middle


async def test_bytes_that_no_row_needs_are_taken_away_at_the_start(stage: Stage) -> None:
    """A stop between the row and the bytes leaves neither a file nor a gap behind."""
    kept, _ = await stage.send(picture())
    from ringdown.uploads.ports import Place

    stage.files.append(Place(CENTRE, "upl_never"), 0, b"x")
    stage.files.plain(Place(CENTRE, kept))
    await stage.service.checking._tidy()
    assert stage.on_disk() == [f"{kept}.picture", f"{kept}.sealed"]


async def test_a_change_that_cannot_be_written_down_is_not_made(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without its audit row nobody sees a file."""
    upload_id, _ = await stage.send(picture())

    async def full(tx: Tx, row: object) -> None:
        raise Unavailable("the disk is full")

    monkeypatch.setattr(stage.audit_store, "add", full)
    async with stage.console("dana") as dana:
        assert (await dana.get(f"/uploads/{upload_id}/picture")).status_code == 503
    assert (await stage.view(upload_id)).state == "quarantined"
