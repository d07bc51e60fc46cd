namespace KmsActors.Server.Tests.Huawei;

/// <summary>One field of a good call after the other given another value.</summary>
internal static class FieldTable
{
    /// <summary>Expects a success, or a refusal that changes nothing.</summary>
    /// <param name="project">Whose call.</param>
    /// <param name="endpoint">Of which endpoint.</param>
    /// <param name="keyId">With which key.</param>
    /// <param name="field">The field, see <see cref="HuaweiJson.With"/>.</param>
    /// <param name="value">Its value, see there.</param>
    /// <param name="code">"ok", or what stands behind "KMS.".</param>
    public static async Task<HuaweiAnswer> CheckAsync(
        Project project, string endpoint, string keyId, string field, string value, string code)
    {
        var good = await Requests.OfAsync(endpoint, project, keyId);
        var ask = good with { Body = HuaweiJson.With(good.Body!, field, value) };
        if (code != "ok") return await project.RefusedAsync($"KMS.{code}", ask);
        var answer = await project.SendAsync(ask);
        return answer.AssertOk(answer.Status == 204 ? 204 : 200);
    }
}
