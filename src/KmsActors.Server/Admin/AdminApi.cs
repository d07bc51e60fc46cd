using System.Text.Json;
using System.Text.Json.Serialization;
using KmsActors.Grains;
using KmsActors.Operations;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace KmsActors.Server;

/// <summary>
/// The operator's API, at <c>/admin/v1</c>: accounts and what they have, but no keys, of which it learns nothing but
/// their number. Its description (OpenAPI) is served with it.
/// </summary>
internal static class AdminApi
{
    public const string Description = "/admin/openapi.json";

    private const string Root = "/admin";
    private const string Title = "KmsActors: the operator's API";
    private const string Scheme = "operator";

    // What AddOpenApi calls a document that is given no name.
    private const string OpenApiDefaults = "v1";

    /// <summary>What it needs of an application.</summary>
    public static void AddAdminApi(
        this IServiceCollection services, AdminToken token, ServerOptions options, DatabaseCopies copies)
    {
        services.AddSingleton(token);
        services.AddSingleton(options);
        services.AddSingleton(options.Admin);
        services.AddSingleton(copies);
        services.AddSingleton<AdminBarrier>();
        services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);
        services.Configure<JsonOptions>(json => Configure(json.SerializerOptions));
        services.AddOpenApi(openApi =>
        {
            openApi.ShouldInclude = call =>
                call.RelativePath?.StartsWith("admin/v1/", StringComparison.Ordinal) == true;
            openApi.AddDocumentTransformer((document, _, _) =>
            {
                Complete(document);
                return Task.CompletedTask;
            });
            openApi.AddSchemaTransformer((schema, context, _) =>
            {
                if (context.JsonTypeInfo.Type == typeof(SecretText)) schema.Type = JsonSchemaType.String;
                return Task.CompletedTask;
            });
        });
    }

    /// <summary>Serves it.</summary>
    public static void MapAdminApi(this WebApplication app)
    {
        var barrier = app.Services.GetRequiredService<AdminBarrier>();
        app.UseWhen(
            http => http.Request.Path.StartsWithSegments(Root, StringComparison.OrdinalIgnoreCase),
            branch => branch.Use(next => http => barrier.ServeAsync(http, next)));
        var description = new Lazy<Task<byte[]>>(() => DescribeAsync(app.Services));
        app.MapGet(Description, async () => TypedResults.Bytes(await description.Value, "application/json"))
            .ExcludeFromDescription();
        var admin = app.MapGroup(Root + "/v1").AddEndpointFilter(RequireAccountAsync);
        ServiceEndpoint.Map(admin);
        AccountEndpoints.Map(admin);
        ProjectEndpoints.Map(admin);
        UserEndpoints.Map(admin);
        GroupEndpoints.Map(admin);
        AccessKeyEndpoints.Map(admin);
        LimitEndpoints.Map(admin);
        JobEndpoints.Map(admin);
        RootKeyEndpoints.Map(admin);
        BackupEndpoints.Map(admin);
    }

    /// <summary>Names a call and says what it answers.</summary>
    public static void Describe<TBody>(
        this RouteHandlerBuilder call, string name, string summary, int status = StatusCodes.Status200OK) =>
        call.WithName(name).WithSummary(summary).Produces<TBody>(status);

    /// <summary>Names a call that answers nothing.</summary>
    public static void DescribeNothing(this RouteHandlerBuilder call, string name, string summary) =>
        call.WithName(name).WithSummary(summary).Produces(StatusCodes.Status204NoContent);

    // Made once: it costs far more than any other answer, and is for everybody.
    private static async Task<byte[]> DescribeAsync(IServiceProvider services)
    {
        var provider = services.GetRequiredKeyedService<IOpenApiDocumentProvider>(OpenApiDefaults);
        var document = await provider.GetOpenApiDocumentAsync();
        using var json = new MemoryStream();
        await document.SerializeAsJsonAsync(json, OpenApiSpecVersion.OpenApi3_1);
        return json.ToArray();
    }

    private static void Configure(JsonSerializerOptions json)
    {
        json.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
        json.AllowDuplicateProperties = false;
        json.RespectNullableAnnotations = true;
        json.RespectRequiredConstructorParameters = true;
        json.NumberHandling = JsonNumberHandling.Strict;
        json.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
        json.MaxDepth = 16;
        json.Converters.Add(new JsonStringEnumConverter<CallClass>(JsonNamingPolicy.CamelCase, false));
        json.Converters.Add(new JsonStringEnumConverter<Quota>(JsonNamingPolicy.CamelCase, false));
        json.Converters.Add(new JsonStringEnumConverter(null, false));
    }

    private static void Complete(OpenApiDocument document)
    {
        document.Info = new OpenApiInfo { Title = Title, Version = "v1" };
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>();
        document.Components.SecuritySchemes[Scheme] = new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http,
            Scheme = "bearer",
            Description = "The operator's token.",
        };
        document.Security =
        [
            new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Scheme, document)] = [] },
        ];
    }

    /// <summary>What is about an account needs one, whatever else is wrong with it.</summary>
    private static async ValueTask<object?> RequireAccountAsync(
        EndpointFilterInvocationContext invocation, EndpointFilterDelegate next)
    {
        var http = invocation.HttpContext;
        if (http.GetRouteValue("account") is not string) return await next(invocation);
        var call = (await AdminCall.BindAsync(http))!;
        var described = await new DescribeAccount().RunAsync(call.Context);
        return described.Refused(out var refusal) ? call.Refuse(refusal) : await next(invocation);
    }
}
