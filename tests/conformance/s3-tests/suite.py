"""Runs a profile of ceph/s3-tests by pytest and compares its failures with those that are expected.

usage: suite.py SUITE PROFILE EXPECTED JUNIT [pytest arguments…]; S3TEST_CONF names the suite's configuration.
"""
import csv
import sys
import xml.etree.ElementTree as ElementTree
from collections import Counter
from pathlib import Path

# Debian's packages supply what the suite imports beside boto3; a virtual environment does not see them by itself.
sys.path.append("/usr/lib/python3/dist-packages")
import pytest  # noqa: E402

# Marks of tests about services that are not part of this object store.
FOREIGN = """s3select sns bucket_logging bucket_logging_cleanup cloud_transition cloud_restore target_by_bucket s3website
    s3website_routing_rules s3website_redirect_location iam_account iam_cross_account iam_role iam_tenant iam_user user_policy
    role_policy group group_policy session_policy abac_test webidentity_test test_of_sts token_claims_trust_policy_test
    token_principal_tag_role_policy_test token_request_tag_trust_policy_test token_resource_tags_test token_role_tags_test
    token_tag_keys_test""".split()
ENCRYPTION = ["encryption", "sse_s3", "bucket_encryption"]
LIFECYCLE = ["lifecycle_transition", "lifecycle_expiration"]
PROFILES = {
    "default": {"without": ["fails_on_aws", *FOREIGN, *ENCRYPTION, *LIFECYCLE, "auth_aws2"]},
    "lifecycle": {"with": "lifecycle_expiration", "without": [*FOREIGN, *ENCRYPTION, "lifecycle_transition"]},
    "object-lock": {"named": "object_lock", "without": [*FOREIGN, *ENCRYPTION]},
    "versioning": {"named": "version", "without": [*FOREIGN, *ENCRYPTION, *LIFECYCLE]},
    "signature-v2": {"with": "auth_aws2", "without": [*FOREIGN, *ENCRYPTION]},
}


def selection(profile):
    """The pytest arguments that select a profile."""
    parts = [f"not {mark}" for mark in profile["without"]]
    if "with" in profile:
        parts.insert(0, profile["with"])
    arguments = ["-m", " and ".join(parts)]
    return arguments + (["-k", profile["named"]] if "named" in profile else [])


def outcomes(junit):
    """Test name → passed, failed or skipped. A test whose set-up or tear-down failed has failed."""
    result = {}
    for case in ElementTree.parse(junit).getroot().iter("testcase"):
        bad = case.find("failure") is not None or case.find("error") is not None
        now = "failed" if bad else "skipped" if case.find("skipped") is not None else "passed"
        name = case.get("name")
        result[name] = "failed" if "failed" in (now, result.get(name)) else now
    return result


def expected_failures(path):
    """Test name → (class, reason)."""
    with open(path, newline="", encoding="utf-8") as file:
        rows = [row for row in csv.reader(file, delimiter="\t") if row and not row[0].startswith("#")]
    for row in rows:
        if len(row) != 3 or not all(cell.strip() for cell in row):
            sys.exit(f"{path}: {row}: a line is test, class, reason, separated by tabs")
    return {row[0]: (row[1], row[2]) for row in rows}


def report(found, expected):
    """Prints the summary; true when the failures are exactly the expected ones among the tests that ran."""
    count = Counter(found.values())
    ran = count["passed"] + count["failed"]
    failed = {name for name, outcome in found.items() if outcome == "failed"}
    outside = {name for name in found if name in expected and expected[name][0] in ("acl-grants", "encryption")}
    inside = ran - len([name for name in outside if found[name] != "skipped"])
    inside_passed = len([name for name, outcome in found.items() if outcome == "passed" and name not in outside])
    print(f"\n{count['passed']} of {ran} passed ({100 * count['passed'] / max(ran, 1):.1f} %), {count['skipped']} skipped")
    print(f"without tests of ACL grants and encryption: {inside_passed} of {inside} ({100 * inside_passed / max(inside, 1):.1f} %)")
    surprises = sorted(failed - expected.keys())
    recovered = sorted(name for name, outcome in found.items() if outcome == "passed" and name in expected)
    for name in surprises:
        print(f"not expected to fail: {name}")
    for name in recovered:
        print(f"listed as failing, but passes: {name}")
    return ran > 0 and not surprises and not recovered


def main(suite, profile, expected, junit, *arguments):
    if profile not in PROFILES:
        sys.exit(f"no profile {profile!r}: choose one of {', '.join(PROFILES)}")
    known = expected_failures(expected)
    tests = str(Path(suite) / "s3tests" / "functional")
    status = pytest.main([f"--junitxml={junit}", f"--rootdir={suite}", "-q", "--tb=short", *selection(PROFILES[profile]), *arguments, tests])
    if status not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
        sys.exit(int(status))
    sys.exit(0 if report(outcomes(junit), known) else 1)


if __name__ == "__main__":
    if len(sys.argv) < 5:
        sys.exit(__doc__)
    main(*sys.argv[1:])
