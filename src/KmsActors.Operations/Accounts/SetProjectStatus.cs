using KmsActors.Grains;

namespace KmsActors.Operations;

/// <summary>Lets calls be served in a project of the context's account, or forbids it; not in the first.</summary>
/// <param name="ProjectId">The project's id.</param>
/// <param name="Enabled">Whether they are served.</param>
public sealed record SetProjectStatus(string ProjectId, bool Enabled) : IOperation<Done>
{
    /// <inheritdoc/>
    public ValueTask<Outcome<Done>> RunAsync(OperationContext context) =>
        context.InAccountTurn(account => account.SetProjectEnabled(ProjectId, Enabled));
}
