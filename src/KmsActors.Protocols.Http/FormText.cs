using System.Text;
using KmsActors.Hsa;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace KmsActors.Protocols.Http;

/// <summary>The bytes of a request as they came: its query and, behind it, its body.</summary>
internal sealed class FormText
{
    private const string FormType = "application/x-www-form-urlencoded";

    private readonly HttpRequest _request;
    private readonly int _mostBodyBytes;

    /// <param name="request">The request.</param>
    /// <param name="mostBodyBytes">The longest body that is read.</param>
    public FormText(HttpRequest request, int mostBodyBytes)
    {
        _request = request;
        _mostBodyBytes = mostBodyBytes;
        ReadOnlySpan<char> query = request.QueryString.Value;
        if (query.StartsWith('?')) query = query[1..];
        long body = Math.Clamp(request.ContentLength ?? 0, 0, mostBodyBytes);
        Bytes = new PooledBuffer(Encoding.UTF8.GetByteCount(query) + (int)body);
        Bytes.Append(query);
        QueryLength = Bytes.Length;
    }

    public PooledBuffer Bytes { get; }

    public int QueryLength { get; }

    public ReadOnlySpan<byte> Body => Bytes.Written[QueryLength..];

    /// <summary>
    /// Reads the body, if one is to be read: that of a POST, and that of a GET which says it is a form.
    /// False for one that is no form, and for one that is too long, of which no more is read than is allowed.
    /// </summary>
    public async ValueTask<bool> TryReadBodyAsync(CancellationToken cancellation)
    {
        string? type = _request.ContentType;
        bool isPost = HttpMethods.IsPost(_request.Method);
        bool isForm = string.IsNullOrEmpty(type) ? isPost : IsFormType(type);
        if (!(isForm || isPost) || !CanHaveBody()) return true;

        BodyStatus status = await RequestBody.ReadAsync(_request, Bytes, _mostBodyBytes, cancellation);
        return status == BodyStatus.Whole && (isForm || Body.IsEmpty);
    }

    private bool CanHaveBody() =>
        _request.ContentLength != 0
        && _request.HttpContext.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody != false;

    private static bool IsFormType(ReadOnlySpan<char> contentType)
    {
        int parameters = contentType.IndexOf(';');
        if (parameters >= 0) contentType = contentType[..parameters];
        return contentType.Trim().Equals(FormType, StringComparison.OrdinalIgnoreCase);
    }
}
