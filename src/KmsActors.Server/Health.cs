using KmsActors.Grains;
using KmsActors.Grains.Hosting;

namespace KmsActors.Server;

/// <summary>Whether this node can serve.</summary>
internal static class Health
{
    /// <summary>200 when the store answers, and other nodes' changes are known; 503 otherwise.</summary>
    public static async Task<IResult> IsReadyAsync(IGrainStore store, GrainHost host, CancellationToken cancellation)
    {
        try
        {
            if (!host.MayServe) return Results.StatusCode(StatusCodes.Status503ServiceUnavailable);
            await store.LoadAsync(GrainId.OfAccount("readiness"), cancellation);
            return Results.Ok();
        }
        catch (StoreUnavailableException)
        {
            return Results.StatusCode(StatusCodes.Status503ServiceUnavailable);
        }
    }
}
