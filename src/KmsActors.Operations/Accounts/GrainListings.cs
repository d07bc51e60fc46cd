using KmsActors.Grains;
using KmsActors.Grains.Hosting;

namespace KmsActors.Operations;

/// <summary>Listing grains by name, with their states.</summary>
internal static class GrainListings
{
    /// <summary>Those of them that there still are; one may have gone since it was listed.</summary>
    public static async ValueTask<List<KeyValuePair<string, TState>>> ListGrainsAsync<TState>(
        this OperationContext context, GrainKind kind, string account, string after, int limit)
        where TState : class
    {
        var found = new List<KeyValuePair<string, TState>>(limit);
        // Fewer than were asked for are the last, and must not seem so because one has gone.
        while (found.Count < limit)
        {
            var most = limit - found.Count;
            var names = await context.Kms.Listings.NamesAsync(
                kind, account, Rows.Existing, after, most, context.Cancellation);
            foreach (var name in names)
            {
                var snapshot = await context.Kms.Host.ReadAsync(
                    new GrainId(kind, account, name), context.Cancellation);
                if (snapshot.State<TState>() is { } state) found.Add(new(name, state));
                after = name;
            }

            if (names.Count < most) break;
        }

        return found;
    }
}
