using System.CommandLine;
using System.Text;

namespace KmsActors.Cli;

/// <summary>
/// Where the server is and who speaks to it: by the command line, else the environment, else by what the server keeps
/// in its data directory. The last goes to a server on this machine only, unless the directory was named: credentials
/// of one server are not shown to another by mistake.
/// </summary>
internal sealed class Settings(ParseResult parsed, GlobalOptions options, Shell shell)
{
    private const string DefaultServer = "https://127.0.0.1:8443";
    private const int LongestToken = 512;

    private readonly Uri _server =
        ServerOf(parsed.GetValue(options.Server) ?? Variable(shell, "KMS_ENDPOINT") ?? DefaultServer);

    /// <summary>How to talk to the server.</summary>
    public ServiceOptions ToServiceOptions()
    {
        var certificate = parsed.GetValue(options.Ca) ?? Kept("certificate.pem");
        return new ServiceOptions(
            _server,
            certificate is null || _server.Scheme != Uri.UriSchemeHttps ? null : TrustedCertificate.Read(certificate),
            TimeSpan.FromSeconds(parsed.GetValue(options.Timeout)),
            !parsed.GetValue(options.NoRetry));
    }

    /// <summary>The operator's token.</summary>
    public string Token()
    {
        if (_server.Scheme != Uri.UriSchemeHttps && !_server.IsLoopback)
            throw new CliException("The operator's token goes over https only.");
        var token = parsed.GetValue(options.TokenFile) is { } given
            ? TokenOf(given)
            : Variable(shell, "KMS_ADMIN_TOKEN") ?? (Kept("admin-token") is { } kept ? TokenOf(kept) : null);
        if (token is null) throw new CliException("No token: set KMS_ADMIN_TOKEN, or name a file by --token-file.");
        return token.Length is >= 1 and <= LongestToken && token.All(each => each is > ' ' and <= '~')
            ? token
            : throw new CliException("The operator's token is malformed.");
    }

    /// <summary>The tenant's access key.</summary>
    public AccessKey AccessKey()
    {
        if (parsed.GetValue(options.AccessKeyFile) is { } given) return Cli.AccessKey.Read(given);
        var id = Variable(shell, "KMS_ACCESS_KEY_ID");
        var secret = Variable(shell, "KMS_ACCESS_KEY_SECRET");
        if (id is not null && secret is not null) return Cli.AccessKey.Of(id, Encoding.UTF8.GetBytes(secret));
        if ((id ?? secret) is not null)
            throw new CliException("KMS_ACCESS_KEY_ID and KMS_ACCESS_KEY_SECRET go together.");
        return Kept("root-credentials.json") is { } kept
            ? Cli.AccessKey.Read(kept)
            : throw new CliException(
                "No access key: set KMS_ACCESS_KEY_ID and KMS_ACCESS_KEY_SECRET, or name a file by --access-key-file.");
    }

    private static string? Variable(Shell shell, string name) =>
        shell.Variable(name) is { Length: > 0 } value ? value : null;

    private static Uri ServerOf(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri)
        && (uri.Scheme == Uri.UriSchemeHttps || uri.Scheme == Uri.UriSchemeHttp)
        && uri is { PathAndQuery: "/", Fragment: "", UserInfo: "" }
        && Ascii.IsValid(uri.Host)
            ? uri
            : throw new CliException("The server is http:// or https://, a host, and a port if it is another.");

    private static string TokenOf(string path) =>
        Encoding.UTF8.GetString(Files.Read(path, Files.MostConfiguration)).Trim();

    private string? Kept(string name)
    {
        var named = parsed.GetValue(options.Data);
        if (named is null && !_server.IsLoopback) return null;
        var directory = named ?? Path.Combine(
            Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData), "kmsactors");
        var path = Path.Combine(directory, name);
        return File.Exists(path) ? path : null;
    }
}
