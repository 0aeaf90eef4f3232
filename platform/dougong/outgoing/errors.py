"""What stops a request to another server, as errors with a code; what the other server said is never part of the sentence."""

from dougong.errors import PlatformError


class OutgoingRefused(PlatformError):
    """The address is one this server does not call: not http(s), inside its own network, or written to hide where it leads."""

    code = "outgoing-address-refused"
    title = {"zh-CN": "不允许访问的地址", "en": "An address that is not called"}
    status = 422
    sentence = {
        "zh-CN": "服务器不会访问“{address}”：{chinese}。",
        "en": "The server does not call {address}: {english}.",
    }


class OutgoingFailed(PlatformError):
    """The other server cannot be reached, or did not answer as it should have."""

    code = "outgoing-failed"
    title = {"zh-CN": "对方服务器没有正确回应", "en": "The other server did not answer as it should"}
    status = 502
    sentence = {
        "zh-CN": "访问“{address}”没有成功：{chinese}。",
        "en": "Calling {address} did not succeed: {english}.",
    }
