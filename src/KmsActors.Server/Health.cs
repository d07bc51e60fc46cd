using KmsActors.Grains;
using KmsActors.Grains.Hosting;

namespace KmsActors.Server;

/// <summary>Whether this node can serve.</summary>
internal static class Health
{
    /// <summary>
    /// 200 when the store answers, and other nodes' changes are known; 503 otherwise, and when it is about to stop.
    /// </summary>
    public static async Task<IResult> IsReadyAsync(
        IGrainStore store, GrainHost host, Notice notice, CancellationToken cancellation)
    {
        try
        {
            if (notice.IsGiven || !host.MayServe)
                return Results.StatusCode(StatusCodes.Status503ServiceUnavailable);
            await store.LoadAsync(GrainId.OfAccount("readiness"), cancellation);
            return Results.Ok();
        }
        catch (StoreUnavailableException)
        {
            return Results.StatusCode(StatusCodes.Status503ServiceUnavailable);
        }
    }
}
