using System.CommandLine;

namespace KmsActors.Cli;

/// <summary>One run of a command: its arguments, its output, and the service it speaks to.</summary>
internal sealed class Call : IDisposable
{
    private readonly ParseResult _parsed;
    private readonly Settings _settings;
    private readonly Lazy<Service> _service;
    private readonly Lazy<AdminClient> _admin;
    private readonly Lazy<AliyunClient> _tenant;
    private AccessKey? _key;

    public Call(ParseResult parsed, CancellationToken cancellation)
    {
        var surroundings = (Surroundings)parsed.InvocationConfiguration;
        _parsed = parsed;
        Shell = surroundings.Shell;
        Cancellation = cancellation;
        Output = new Output(Shell, parsed.GetValue(surroundings.Options.Json));
        _settings = new Settings(parsed, surroundings.Options, Shell);
        _service = new(() => new Service(Shell, _settings.ToServiceOptions(), cancellation));
        _admin = new(() => new AdminClient(Service, _settings.Token()));
        _tenant = new(() => new AliyunClient(Service, _key = _settings.AccessKey(), Shell.Time));
    }

    public Shell Shell { get; }

    public Output Output { get; }

    /// <summary>Ctrl-C.</summary>
    public CancellationToken Cancellation { get; }

    public Service Service => _service.Value;

    /// <summary>The operator's client.</summary>
    public AdminClient Admin => _admin.Value;

    /// <summary>The tenant's client.</summary>
    public AliyunClient Tenant => _tenant.Value;

    /// <summary>An argument, which the parser has seen to.</summary>
    public T Get<T>(Argument<T> argument) => _parsed.GetValue(argument)!;

    /// <summary>An option, or its default.</summary>
    public T Get<T>(Option<T> option) => _parsed.GetValue(option)!;

    /// <summary>Whether the option was on the command line.</summary>
    public bool Has(Option option) => _parsed.GetResult(option) is { Implicit: false };

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_service.IsValueCreated) Service.Dispose();
        _key?.Dispose();
    }
}

/// <summary>Carries a command's surroundings to its action.</summary>
internal sealed class Surroundings(Shell shell, GlobalOptions options) : InvocationConfiguration
{
    public Shell Shell => shell;

    public GlobalOptions Options => options;
}
