using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using KmsActors.Grains.Hosting;
using KmsActors.Operations;
using KmsActors.Protocols.Aliyun;
using KmsActors.Protocols.Huawei;
using KmsActors.Protocols.Tencent;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging.Abstractions;

namespace KmsActors.Server;

/// <summary>The composition root: which parts there are and how they hang together.</summary>
internal sealed class KmsServer : IAsyncDisposable
{
    private const string DefaultUrls = "http://127.0.0.1:8080;https://127.0.0.1:8443";

    // Every parameter may stand in the query: a Description of 8192 characters alone is 74 KB there.
    private const int LongestRequestLine = 128 * 1024;
    private const int LongestHeaders = 32 * 1024;

    private readonly DataDirectory _data;
    private readonly KmsNode _node;
    private readonly DatabaseCopies _copies;

    private KmsServer(
        DataDirectory data, KmsNode node, DatabaseCopies copies, WebApplication app, WebApplication? admin)
    {
        _data = data;
        _node = node;
        _copies = copies;
        App = app;
        Admin = admin;
    }

    /// <summary>The front end, not yet started.</summary>
    public WebApplication App { get; }

    /// <summary>The operator's API, if it has a listener of its own; it starts and stops with the front end.</summary>
    public WebApplication? Admin { get; }

    /// <summary>What stands behind it.</summary>
    public Kms Kms => _node.Kms;

    /// <summary>Whether it stops only to be opened anew, on a database that was restored.</summary>
    public bool IsRestored => _copies.IsRestored;

    /// <summary>Opens the data directory and puts the server together; nothing is listening yet.</summary>
    /// <exception cref="StartException">It cannot start.</exception>
    public static async Task<KmsServer> OpenAsync(string[] args, TimeProvider time)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions
        {
            ContentRootPath = AppContext.BaseDirectory,
        });
        builder.Configuration.AddCommandLine(args, CommandLine.Names);
        var options = ReadOptions(builder.Configuration);
        if (!options.AllowCoreDumps) CoreDumps.TurnOff();
        var data = DataDirectory.Open(options.Data);
        KmsNode? node = null;
        try
        {
            var log = LoggerFactory.Create(logging => logging
                .AddConfiguration(builder.Configuration.GetSection("Logging")).AddSimpleConsole());
            if (options.Store is null) RestoredDatabase.Complete(data);
            node = await KmsNode.OpenAsync(
                data, options, builder.Configuration[HardwareModule.PinSetting], time, log, CancellationToken.None);
            await RootCredentials.EnsureAsync(
                node.Kms, options.RootAccount, builder.Configuration, data, CancellationToken.None);
            var token = AdminToken.LoadOrMake(builder.Configuration, data);
            var copies = new DatabaseCopies(
                data, node.Own, TryStartAsync, time, log.CreateLogger<DatabaseCopies>());
            var certificate = new Lazy<X509Certificate2>(
                () => ServerCertificate.LoadOrMake(data.Certificate, time.GetUtcNow()));
            ConfigureListeners(builder, options, certificate);
            AddServices(builder.Services, node, options);
            var jobs = new FleetJobs(
                JobTable.Of(node, options.Jobs), node.Ledger, node.Kms.Time, new RequestIds());
            var admin = options.Admin.Urls is null
                ? null
                : BuildAdmin(builder, node, options, token, jobs, copies, certificate);
            if (admin is null) builder.Services.AddAdminApi(token, options, copies);
            else builder.Services.AddHostedService(_ => new AdminListener(admin));
            builder.Services.AddFleetJobs(jobs, node, options.Jobs);
            var app = builder.Build();
            copies.StopServing = app.Lifetime.StopApplication;
            MapEndpoints(app);
            if (admin is null) app.MapAdminApi();
            return new KmsServer(data, node, copies, app, admin);
        }
        catch
        {
            if (node is not null) await node.DisposeAsync();
            data.Dispose();
            throw;
        }

        async Task TryStartAsync(string copy, CancellationToken cancellation)
        {
            await using var other = await node.OpenCopyAsync(copy, data, options, cancellation);
            await RootCredentials.EnsureAsync(
                other.Kms, options.RootAccount, builder.Configuration, data, cancellation);
        }
    }

    /// <summary>Starts to listen.</summary>
    /// <exception cref="StartException">It cannot listen where it is told to.</exception>
    public async Task StartAsync()
    {
        try
        {
            await App.StartAsync();
        }
        catch (Exception failure)
            when (failure is IOException or SocketException or FormatException or InvalidOperationException)
        {
            throw new StartException($"Cannot listen: {failure.Message}", failure);
        }
    }

    /// <summary>Closes everything, in the order of who uses whom.</summary>
    public async ValueTask DisposeAsync()
    {
        await App.DisposeAsync();
        if (Admin is not null) await Admin.DisposeAsync();
        await _node.DisposeAsync();
        _data.Dispose();
    }

    private static ServerOptions ReadOptions(ConfigurationManager configuration)
    {
        var options = new ServerOptions();
        var section = configuration.GetSection(ServerOptions.Section);
        try
        {
            section.Bind(options);
        }
        catch (InvalidOperationException malformed)
        {
            throw new StartException(malformed.Message, malformed);
        }

        var errors = ServerOptions.UnknownNames(section, typeof(ServerOptions)).Concat(options.Errors()).ToArray();
        return errors.Length == 0 ? options : throw new StartException(string.Join(Environment.NewLine, errors));
    }

    private static void ConfigureListeners(
        WebApplicationBuilder builder, ServerOptions options, Lazy<X509Certificate2> certificate)
    {
        if (string.IsNullOrEmpty(builder.Configuration["urls"])) builder.WebHost.UseUrls(DefaultUrls);
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestLineSize = LongestRequestLine;
            kestrel.Limits.MaxConcurrentConnections = options.MostConnections;
            Configure(kestrel, builder.Configuration, certificate);
        });
        builder.Services.Configure<HostOptions>(host =>
            host.ShutdownTimeout = TimeSpan.FromSeconds(options.NoticeSeconds + options.DrainSeconds));
    }

    private static void Configure(
        KestrelServerOptions kestrel, ConfigurationManager configuration, Lazy<X509Certificate2> certificate)
    {
        kestrel.AddServerHeader = false;
        kestrel.AllowSynchronousIO = false;
        kestrel.Limits.MaxRequestHeadersTotalSize = LongestHeaders;
        if (configuration["Kestrel:Certificates:Default:Path"] is null)
            kestrel.ConfigureHttpsDefaults(https => https.ServerCertificate = certificate.Value);
    }

    /// <summary>
    /// An application of its own, that nothing of the other can be reached by, nor it by the other. Of the settings
    /// it has the log's and the certificate's.
    /// </summary>
    private static WebApplication BuildAdmin(
        WebApplicationBuilder server,
        KmsNode node,
        ServerOptions options,
        AdminToken token,
        FleetJobs jobs,
        DatabaseCopies copies,
        Lazy<X509Certificate2> certificate)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions
        {
            ContentRootPath = AppContext.BaseDirectory,
        });
        foreach (var (name, value) in server.Configuration.AsEnumerable())
        {
            var isNeeded = name.StartsWith("Logging:", StringComparison.OrdinalIgnoreCase)
                || name.StartsWith("Kestrel:Certificates:", StringComparison.OrdinalIgnoreCase);
            if (isNeeded) builder.Configuration[name] = value;
        }

        builder.Logging.AddConfiguration(builder.Configuration.GetSection("Logging")).AddSimpleConsole();
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().UseUrls(options.Admin.Urls!.Split(';'));
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Configure(builder.Configuration.GetSection("Kestrel"));
            Configure(kestrel, builder.Configuration, certificate);
        });
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton(node.Kms);
        builder.Services.AddSingleton<RequestIds>();
        builder.Services.AddSingleton(jobs);
        builder.Services.AddSingleton(node.RootKeys);
        builder.Services.AddAdminApi(token, options, copies);
        var admin = builder.Build();
        admin.MapAdminApi();
        return admin;
    }

    private static void AddServices(IServiceCollection services, KmsNode node, ServerOptions options)
    {
        services.AddSingleton(node.Kms);
        services.AddSingleton(node.Kms.Host);
        services.AddSingleton(node.Kms.Time);
        services.AddSingleton(node.Store);
        services.AddSingleton(node.HostOptions);
        services.AddSingleton(node.RootKeys);
        services.AddSingleton<RequestIds>();
        services.AddSingleton(new AliyunOptions { MostNonces = options.MostNonces, Ledger = node.Shared });
        services.AddSingleton<AliyunEndpoint>();
        services.AddSingleton<HuaweiEndpoint>();
        services.AddSingleton<IamEndpoint>();
        services.AddSingleton(new TencentOptions { MostNonces = options.MostNonces, Ledger = node.Shared });
        services.AddSingleton<TencentEndpoint>();
        services.AddSingleton(ReminderOperations.Of(node.Kms));
        services.AddSingleton<ReminderPump>();
        services.AddHostedService<ReminderService>();
        services.AddSingleton(new Notice(options, node.Kms.Time));
        services.AddHostedService(provider => provider.GetRequiredService<Notice>());
    }

    private static void MapEndpoints(WebApplication app)
    {
        var aliyun = app.Services.GetRequiredService<AliyunEndpoint>();
        var huawei = app.Services.GetRequiredService<HuaweiEndpoint>();
        var iam = app.Services.GetRequiredService<IamEndpoint>();
        var tencent = app.Services.GetRequiredService<TencentEndpoint>();
        app.Use(app.Services.GetRequiredService<Notice>().ServeAsync);
        app.MapGet("/health/live", () => Results.Ok());
        app.MapGet("/health/ready", Health.IsReadyAsync);
        app.Map("/", aliyun.HandleAsync);
        app.Map("/v1.0/{**path}", huawei.HandleAsync);
        app.Map("/v3/{**path}", iam.HandleAsync);
        app.Map(TencentEndpoint.Path, tencent.HandleAsync);
    }
}
