using System.Reflection;
using KmsActors.Grains;
using Microsoft.AspNetCore.Http.HttpResults;

namespace KmsActors.Server;

/// <summary>What the service is: <c>/service</c>.</summary>
internal static class ServiceEndpoint
{
    public static void Map(RouteGroupBuilder admin) => admin.MapGet("/service", DescribeAsync).Describe<ServiceBody>(
        "DescribeService",
        "Tells the service's region and version, the limits of accounts without their own, and which copy its database "
            + "was restored from, if from any.");

    private static async Task<JsonHttpResult<ServiceBody>> DescribeAsync(
        AdminCall call, DatabaseCopies copies)
    {
        var limits = call.Kms.Limits;
        var version = typeof(ServiceEndpoint).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>();
        return TypedResults.Json(new ServiceBody(
            call.Kms.Region,
            version?.InformationalVersion ?? "",
            call.Kms.DefaultKeyServices,
            new ServiceLimitsBody(
                Enum.GetValues<CallClass>().ToDictionary(each => each, each => RateBody.Of(limits.RateOf(each))),
                RateBody.Of(limits.RateOfKey),
                Enum.GetValues<Quota>().ToDictionary(each => each, limits.Of)),
            await copies.LastRestoreAsync(call.Context.Cancellation)));
    }
}
