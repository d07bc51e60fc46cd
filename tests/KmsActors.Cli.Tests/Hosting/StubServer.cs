using System.Collections.Concurrent;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace KmsActors.Cli.Tests;

/// <summary>Something that answers as it is told, in place of the service.</summary>
internal sealed class StubServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private StubServer(WebApplication app) => _app = app;

    public string Address => _app.Urls.First();

    /// <summary>What was asked, and the bodies of it.</summary>
    public ConcurrentQueue<(string Request, string Body)> Requests { get; } = new();

    /// <summary>The command's credentials for it.</summary>
    public Invocation Invocation => new()
    {
        Environment = new()
        {
            ["KMS_ENDPOINT"] = Address,
            ["KMS_ADMIN_TOKEN"] = "token-of-the-tests",
            ["KMS_ACCESS_KEY_ID"] = "id-of-the-tests",
            ["KMS_ACCESS_KEY_SECRET"] = "secret-of-the-tests",
        },
    };

    public static async Task<StubServer> StartAsync(RequestDelegate answer, X509Certificate2? certificate = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
            kestrel.ConfigureHttpsDefaults(https => https.ServerCertificate = certificate));
        builder.WebHost.UseUrls(certificate is null ? "http://127.0.0.1:0" : "https://127.0.0.1:0");
        var stub = new StubServer(builder.Build());
        stub._app.Run(async http =>
        {
            using var body = new StreamReader(http.Request.Body);
            var target = http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
            stub.Requests.Enqueue(($"{http.Request.Method} {target}", await body.ReadToEndAsync()));
            await answer(http);
        });
        await stub._app.StartAsync();
        return stub;
    }

    /// <summary>Answers always the same.</summary>
    public static Task<StubServer> StartAsync(int status, string body, params (string Name, string Value)[] headers) =>
        StartAsync(http =>
        {
            http.Response.StatusCode = status;
            foreach (var (name, value) in headers) http.Response.Headers[name] = value;
            return status == 204 ? Task.CompletedTask : http.Response.WriteAsync(body);
        });

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
