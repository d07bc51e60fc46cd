using KmsActors.Protocols.Http;

namespace KmsActors.Protocols.Tencent;

/// <summary>
/// Writes one answer: <c>code</c>, <c>message</c>, <c>codeDesc</c> and <c>requestId</c>, and behind them the fields
/// of the action.
/// </summary>
internal sealed class TencentWriter : JsonAnswer
{
    private TencentWriter(int code, string message, string description, string requestId)
    {
        Number("code", code);
        String("message", message);
        String("codeDesc", description);
        String("requestId", requestId);
    }

    /// <summary>The answer of a call that succeeds, without the action's fields.</summary>
    public static TencentWriter Success(string requestId) => new(0, "", "Success", requestId);

    /// <summary>The whole answer of a call that does not.</summary>
    public static TencentWriter Failure(string requestId, TencentError error) =>
        new(error.Code, error.Message, error.Description, requestId);

    /// <summary>Unix seconds; 0 when there is no time.</summary>
    public void Time(string name, DateTimeOffset? time) => Number(name, time?.ToUnixTimeSeconds() ?? 0);
}
