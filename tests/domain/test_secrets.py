"""What looks like a secret, and what does not."""

import pytest

from deployer.domain.likely_secrets import entropy, looks_like

PLAIN = [
    ("LOG_LEVEL", "info"),
    ("MODEL_TIMEOUT", "30"),
    ("MAX_TOKENS", "4096"),
    ("TOKENIZER", "bert-base-uncased"),
    ("TOKEN_LIMIT", "lots"),
    ("SECRET_NAME", "db-main"),
    ("PASSWORD_FILE", "/run/secrets/db"),
    ("API_KEY", ""),
    ("USE_TOKEN", "true"),
    ("AUTH_TOKEN", "${TOKEN}"),
    ("KEYBOARD", "de"),
    ("MONKEY", "business"),
    ("MODEL", "0b64744e-8a31-4b6c-9f57-0d2c5be3a8f0"),
    ("POOL", "8abf68a969c3cb3a0169c4acb24b0000"),
    ("COMMIT", "da39a3ee5e6b4b0d3255bfef95601890afd80709"),
    ("PYTHONPATH", "/opt/App1/lib/Python3/site-packages"),
    ("URL", "https://bucket.obs.example.com/Data/2026/Input"),
    ("MESSAGE", "Hello World this is a longer sentence of words"),
    ("SHAPE", "1,224,224,3"),
    ("PIPELINE", "sk-learn-classifier-pipeline-v2"),
    ("EOS_TOKEN", "</s>"),
    ("MODEL_NAME", "Meta-Llama-3-8B-Instruct"),
    ("MODEL_NAME", "Qwen2-VL-7B-Instruct-GPTQ-Int4"),
    ("CLASS", "DistributedDataParallel2Trainer"),
    ("CLASS", "ResNet50V2ImageNet2012Pretrained"),
    ("FILE", "s3://bucket/Data2026/Run7/Part001"),
    ("LONG", "a" * 100_000),
]

SUSPICIOUS = [
    ("X", "ghp_exampleExample00", "a GitHub token"),
    ("X", "github_pat_11ABCDEFG0", "a GitHub token"),
    ("X", "key is AKIAIOSFODNN7EXAMPLE", "an access key"),
    ("X", "-----BEGIN RSA PRIVATE KEY-----\nMIIE", "a private key"),
    ("X", "-----BEGIN PRIVATE KEY-----", "a private key"),
    ("X", "xoxb-123456789012-abc", "a Slack token"),
    ("X", "sk_live_" + "4eC39HqLyjWDarjtT1", "an API key"),
    ("X", "hf_abcdefghijklmnopqrst", "a Hugging Face token"),
    ("X", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc", "a signed token (JWT)"),
    ("X", "postgres://bob:hunter2@db/x", "an address with a password"),
    ("X", "q7Zk2Lw9Xv4Tn8Rb3Ys6Hd1Mf5Gc0Jp", "a key or token"),
    ("X", "Zm9vYmFyMTIzNDU2Nzg5MFhZWnF3ZXJ0eQ==", "a key or token"),
    ("X", "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", "a key or token"),
    ("DB_PASSWORD", "hunter2", "a secret"),
    ("password", "123456", "a secret"),
    ("dbPassword", "x1", "a secret"),
    ("API_KEY", "abc", "a secret"),
    ("ACCESS_KEY", "abc", "a secret"),
    ("apiToken", "abc", "a secret"),
    ("CLIENT_SECRET", "abc", "a secret"),
]


@pytest.mark.parametrize(("name", "value"), PLAIN)
def test_a_plain_value_is_left_alone(name: str, value: str) -> None:
    assert looks_like(name, value) == ""


@pytest.mark.parametrize(("name", "value", "what"), SUSPICIOUS)
def test_a_secret_is_told(name: str, value: str, what: str) -> None:
    assert looks_like(name, value) == what


def test_entropy_is_measured_in_bits() -> None:
    assert entropy("aaaa") == 0
    assert entropy("abcd") == 2
