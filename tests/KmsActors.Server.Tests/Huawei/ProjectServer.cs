namespace KmsActors.Server.Tests.Huawei;

/// <summary>A server of which the first account is seen through Huawei's protocol.</summary>
public class ProjectServer : TestServer
{
    /// <summary>The first account, by a credential of this kind.</summary>
    internal Task<Project> ProjectAsync(Proof proof) => Task.FromResult(new Project(Root));

    /// <summary>An account of its own.</summary>
    internal Task<Project> NewProjectAsync(Proof proof = Proof.Signature) => Project.NewAsync(this);
}
