using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using System.Text.Json;

namespace KmsActors.Cli;

/// <summary>One server over HTTP: bounded in time and size, and patient when it is told to come again.</summary>
internal sealed class Service : IDisposable
{
    // A page of a thousand rows is the largest thing that is asked for.
    private const int MostAnswerBytes = 8 * 1024 * 1024;
    private const int MostAttempts = 6;
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(60);

    private readonly HttpClient _http;
    private readonly Shell _shell;
    private readonly ServiceOptions _options;
    private readonly CancellationToken _cancellation;
    private readonly List<Answer> _answers = [];

    public Service(Shell shell, ServiceOptions options, CancellationToken cancellation)
    {
        _shell = shell;
        _options = options;
        _cancellation = cancellation;
        _http = new HttpClient(new SocketsHttpHandler
        {
            UseCookies = false,
            AllowAutoRedirect = false,
            UseProxy = !options.Address.IsLoopback,
            ConnectTimeout = options.Timeout,
            SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = options.Trust?.ToChainPolicy() },
        })
        {
            MaxResponseContentBufferSize = MostAnswerBytes,
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    /// <summary>Where it is.</summary>
    public Uri Address => _options.Address;

    /// <summary>
    /// Whether Ctrl-C leaves alone what has been sent already: so that nothing is made that nobody is told of.
    /// </summary>
    public bool FinishesWhatIsSent { get; set; }

    /// <summary>Sends a request, made anew for each attempt, and returns the answer of a success.</summary>
    /// <exception cref="CliException">It was refused, or there is no answer.</exception>
    public async Task<Answer> SendAsync(Func<HttpRequestMessage> make)
    {
        for (var attempt = 1; ; attempt++)
        {
            _cancellation.ThrowIfCancellationRequested();
            using var request = make();
            var answer = Keep(await SendOnceAsync(request));
            if (answer.IsGood) return answer;
            var wait = answer.RetryAfter ?? TimeSpan.FromSeconds(1);
            var isWorthIt = answer.Status == (int)HttpStatusCode.TooManyRequests
                && _options.Retries && attempt < MostAttempts && wait <= LongestWait;
            if (!isWorthIt) throw answer.ToException();
            if (_shell.IsErrorTerminal)
                await _shell.Error.WriteLineAsync($"Throttled; next try in {wait.TotalSeconds:0} s.");
            await Task.Delay(wait, _shell.Time, _cancellation);
        }
    }

    /// <summary>
    /// Sends a request with a long body, or for a long answer, once, and returns the answer of a success as soon as it
    /// begins. However long it takes, only Ctrl-C ends it.
    /// </summary>
    /// <exception cref="CliException">It was refused, or there is no answer.</exception>
    public async Task<HttpResponseMessage> SendLongAsync(HttpRequestMessage request)
    {
        try
        {
            var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, _cancellation);
            if (response.IsSuccessStatusCode) return response;
            // It throws what was refused.
            using (response) await ReadAsync(response);
            return response;
        }
        catch (HttpRequestException failure)
        {
            throw new CliException(ExitCode.Unreachable, $"{Address}: {Reason(failure)}", failure);
        }
    }

    /// <summary>The JSON of an answer that has begun.</summary>
    /// <exception cref="CliException">It is a refusal, cut off, or none.</exception>
    public async Task<JsonElement> ReadAsync(HttpResponseMessage response)
    {
        try
        {
            await response.Content.LoadIntoBufferAsync(MostAnswerBytes, _cancellation);
            var body = await response.Content.ReadAsByteArrayAsync(_cancellation);
            var answer = Keep(Answer.Of((int)response.StatusCode, body, null));
            return answer.IsGood ? answer.Root!.Value : throw answer.ToException();
        }
        catch (HttpRequestException failure)
        {
            throw new CliException(ExitCode.Unreachable, $"{Address}: {Reason(failure)}", failure);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _http.Dispose();
        _answers.ForEach(answer => answer.Dispose());
    }

    private async Task<Answer> SendOnceAsync(HttpRequestMessage request)
    {
        using var late = new CancellationTokenSource(_options.Timeout, _shell.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(
            late.Token, FinishesWhatIsSent ? CancellationToken.None : _cancellation);
        try
        {
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseContentRead, either.Token);
            var body = await response.Content.ReadAsByteArrayAsync(either.Token);
            return Answer.Of((int)response.StatusCode, body, RetryAfter(response));
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested)
        {
            throw new CliException(
                ExitCode.Unreachable, $"{Address}: no answer within {_options.Timeout.TotalSeconds:0} s.");
        }
        catch (HttpRequestException failure)
        {
            throw new CliException(ExitCode.Unreachable, $"{Address}: {Reason(failure)}", failure);
        }
    }

    private string Reason(HttpRequestException failure)
    {
        if (failure.InnerException is not AuthenticationException refused) return failure.Message;
        var trusted = _options.Trust is { } trust ? $"only {trust.Path} is trusted" : "--ca FILE names one to trust";
        return $"{refused.Message} ({trusted})";
    }

    private TimeSpan? RetryAfter(HttpResponseMessage response)
    {
        var header = response.Headers.RetryAfter;
        var wait = header?.Delta ?? (header?.Date is { } date ? date - _shell.Time.GetUtcNow() : null);
        return wait < TimeSpan.Zero ? TimeSpan.Zero : wait;
    }

    private Answer Keep(Answer answer)
    {
        lock (_answers) _answers.Add(answer);
        return answer;
    }
}
