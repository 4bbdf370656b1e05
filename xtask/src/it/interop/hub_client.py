"""Python's own client of the Hub, against the Hub of the tests (HF_ENDPOINT)."""

import os
import tempfile

# What is large goes by Git LFS, as this crate sends it.
os.environ["HF_HUB_DISABLE_XET"] = "1"

from huggingface_hub import CommitOperationAdd, HfApi, hf_hub_download, metadata_update, snapshot_download
from huggingface_hub.errors import EntryNotFoundError, RepositoryNotFoundError, RevisionNotFoundError

api = HfApi()
assert api.whoami()["name"] == "me"

url = api.create_repo("me/first", repo_type="space", space_sdk="gradio", private=True)
assert url.repo_id == "me/first", url
api.create_repo("me/first", repo_type="space", space_sdk="gradio", exist_ok=True)

files = {"tool.py": b"one", "sub/more.py": b"two"}
additions = [CommitOperationAdd(path_in_repo=path, path_or_fileobj=content) for path, content in files.items()]
commit = api.create_commit("me/first", operations=additions, commit_message="Upload", repo_type="space")
info = api.space_info("me/first", files_metadata=True)
assert info.sha == commit.oid and info.private, info
assert {"tool.py", "sub/more.py"} <= {file.rfilename for file in info.siblings}
assert {entry.path for entry in api.list_repo_tree("me/first", repo_type="space", recursive=True)} >= set(files)

path = hf_hub_download("me/first", "tool.py", repo_type="space")
assert open(path, "rb").read() == b"one" and commit.oid in path
folder = snapshot_download("me/first", repo_type="space", revision=commit.oid)
assert open(os.path.join(folder, "sub", "more.py"), "rb").read() == b"two"

api.upload_file(path_or_fileobj=b"pixels", path_in_repo="picture.png", repo_id="me/first", repo_type="space")
path = hf_hub_download("me/first", "picture.png", repo_type="space")
assert open(path, "rb").read() == b"pixels"

proposal = api.create_commit("me/first", operations=[CommitOperationAdd("new.py", b"x")], commit_message="Try", repo_type="space", create_pr=True)
assert proposal.pr_url.endswith("/discussions/1"), proposal

metadata_update("me/first", {"tags": ["smolagents", "tool"]}, repo_type="space")
with tempfile.TemporaryDirectory() as local:
    open(os.path.join(local, "agent.json"), "w").write("{}")
    api.upload_folder(repo_id="me/first", folder_path=local, repo_type="space")
assert api.file_exists("me/first", "agent.json", repo_type="space")

api.create_repo("me/open", repo_type="space", space_sdk="gradio", private=False)
metadata_update("me/open", {"tags": ["smolagents", "tool"]}, repo_type="space")
assert [space.id for space in api.list_spaces(filter=["smolagents", "tool"])] == ["me/open"]
assert [item.item_id for item in api.get_collection("me/all-0123456789abcdef01234567").items if item.item_type == "space"]

for expected, ask in [
    (RepositoryNotFoundError, lambda: api.space_info("me/none")),
    (RevisionNotFoundError, lambda: api.space_info("me/first", revision="v9")),
    (EntryNotFoundError, lambda: hf_hub_download("me/first", "none.py", repo_type="space")),
    (RepositoryNotFoundError, lambda: HfApi(token=False).space_info("me/first")),
]:
    try:
        ask()
    except expected:
        continue
    raise AssertionError(f"no {expected.__name__}")
print("huggingface_hub takes the Hub of the tests for one")
