"""The six sample requests of the document, as it prints them: weights quoted, names twice."""

POOL = "8abf68a969c3cb3a0169c4acb24b0000"


def _model(**changes):
    row = {"model_id": "xxxmodel-idxxx", "weight": "100", "specification": "modelarts.vm.cpu.2u", "instance_count": 1}
    return {**row, **changes}


def _job(**changes):
    return {
        "model_id": "598b913a-af3e-41ba-a1b5-bf065320f1e2",
        "specification": "modelarts.vm.cpu.2u",
        "instance_count": 1,
        "src_path": "https://infers-data.obs.xxxx.com/xgboosterdata/",
        "dest_path": "https://infers-data.obs.xxxx.com.com/output/",
        "req_uri": "/",
        **changes,
    }


_COLUMNS = {f"input{5 - index}": {"type": "number", "index": index} for index in range(5)}
_ROWS = {"type": "array", "items": [{"type": "object", "properties": _COLUMNS}]}
_DATA = {"type": "object", "properties": {"req_data": _ROWS}}
_ENVS = {"model_name": "mxnet-model-1", "load_epoch": "0"}
_CUSTOM = {"cpu": 1.5, "memory": 7500, "gpu_p4": 0, "ascend_a310": 0}


def _service(name, description, infer_type, config, **more):
    return {"service_name": name, "description": description, "infer_type": infer_type, "config": config, **more}


SAMPLES = {
    "one model": _service("mnist", "mnist service", "real-time", [_model()]),
    "two versions": _service(
        "mnist",
        "mnist service",
        "real-time",
        [_model(weight="70", envs=_ENVS), _model(model_id="xxxxxx", weight="30")],
    ),
    "dedicated pool": _service(
        "realtime-demo",
        "",
        "real-time",
        [
            _model(
                model_id="eb6a4a8c-5713-4a27-b8ed-c7e694499af5",
                cluster_id=POOL,
                specification="custom",
                custom_spec=_CUSTOM,
            )
        ],
        cluster_id=POOL,
    ),
    "auto-stop": _service(
        "service-demo",
        "demo",
        "real-time",
        [_model()],
        schedule=[{"type": "stop", "time_unit": "HOURS", "duration": 1}],
    ),
    "batch of files": _service(
        "batchservicetest",
        "",
        "batch",
        [_job(dest_path="https://infers-data.obs.dxxxx.com/output/", mapping_type="file")],
        cluster_id="8abf68a969c3cb3a0169c4acb24b****",
    ),
    "batch of rows": _service(
        "batchservicetest",
        "",
        "batch",
        [_job(mapping_type="csv", mapping_rule={"type": "object", "properties": {"data": _DATA}})],
    ),
}
