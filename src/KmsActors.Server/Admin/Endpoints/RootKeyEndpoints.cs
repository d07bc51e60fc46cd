namespace KmsActors.Server;

/// <summary>The versions of the root key: <c>/root-key</c>.</summary>
internal static class RootKeyEndpoints
{
    public static void Map(RouteGroupBuilder admin)
    {
        var rootKey = admin.MapGroup("/root-key");
        rootKey.MapGet("/", DescribeAsync).Describe<RootKeyBody>(
            "DescribeRootKey", "Tells which versions the root key has, and how much needs each of them.");
        rootKey.MapPost("/versions", RotateAsync).Describe<RootKeyBody>(
            "RotateRootKey",
            "Makes another version of the root key, and has the job rewrap go over to it.",
            StatusCodes.Status202Accepted);
    }

    private static async Task<IResult> DescribeAsync(AdminCall call, RootKeyKeeper rootKeys) =>
        TypedResults.Json(await BodyAsync(call, rootKeys));

    private static async Task<IResult> RotateAsync(AdminCall call, RootKeyKeeper rootKeys, FleetJobs jobs)
    {
        if (await rootKeys.RotateAsync(call.Context.Cancellation) is null)
            return call.Refuse(AdminErrors.RootKeyIsRotating);
        // It runs by its schedule, too: nothing is lost if it cannot be started just now, or runs already.
        await jobs.StartAsync(jobs.Find(RewrapJob.JobName)!, CancellationToken.None);
        return TypedResults.Json(
            await BodyAsync(call, rootKeys), statusCode: StatusCodes.Status202Accepted);
    }

    private static async Task<RootKeyBody> BodyAsync(AdminCall call, RootKeyKeeper rootKeys)
    {
        var cancellation = call.Context.Cancellation;
        var versions = await rootKeys.RefreshAsync(cancellation);
        var counts = await rootKeys.Table.CountByRootKeyAsync(cancellation);
        return new RootKeyBody(
            rootKeys.CustodyName,
            rootKeys.Ring.Current,
            [
                .. versions.Select(version => new RootKeyVersionBody(
                    version.Version, version.MadeAt, counts.GetValueOrDefault(version.Version))),
            ]);
    }
}

/// <summary>The root key: what seals it, which version wraps at this node, and all versions, oldest first.</summary>
internal sealed record RootKeyBody(string SealedBy, long Current, IReadOnlyList<RootKeyVersionBody> Versions);

/// <summary>A version of the root key, and how many keys, secrets and tokens need it and none older.</summary>
internal sealed record RootKeyVersionBody(long Version, DateTimeOffset MadeAt, long NeededBy);
