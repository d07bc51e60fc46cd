using KmsActors.Grains.Hosting;

namespace KmsActors.Simulator;

/// <summary>What a node is put together from. Tests put something in between, to see that the checks notice.</summary>
/// <param name="Clock">Its clock.</param>
/// <param name="Store">Grains and reminders.</param>
/// <param name="Listings">Listings.</param>
/// <param name="Feed">What other nodes change; null if there is one node alone.</param>
/// <param name="Board">Where nodes share limits; null if there is one node alone.</param>
internal sealed record NodeParts(
    TimeProvider Clock, IGrainStore Store, IListings Listings, IChangeFeed? Feed, IDemandBoard? Board);
