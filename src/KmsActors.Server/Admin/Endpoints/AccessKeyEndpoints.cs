using KmsActors.Operations;

namespace KmsActors.Server;

/// <summary>Access keys of an account and of its users: <c>/accounts/{account}/access-keys</c>.</summary>
internal static class AccessKeyEndpoints
{
    public static void Map(RouteGroupBuilder admin)
    {
        var keys = admin.MapGroup("/accounts/{account}/access-keys");
        keys.MapGet("", (string account, AdminCall call, string? user = null) =>
            call.AnswerAsync(new ListAccessKeys(user), listed => new ListBody<AccessKeyBody>(
                listed.Select(key => AccessKeyBody.Of(key.Key, key.Value)).ToList(), null)))
            .Describe<ListBody<AccessKeyBody>>("ListAccessKeys", "Lists the account's own access keys, or a user's.");
        keys.MapPost("", CreateAsync).Describe<AccessKeyBody>(
            "CreateAccessKey",
            "Gives the account, or a user, an access key. Its secret is told this once.",
            StatusCodes.Status201Created);
        keys.MapGet("/{accessKey}", (string account, string accessKey, AdminCall call) =>
            call.AnswerAsync(new DescribeAccessKey(accessKey), state => AccessKeyBody.Of(accessKey, state)))
            .Describe<AccessKeyBody>("DescribeAccessKey", "Describes an access key.");
        keys.MapPatch("/{accessKey}", (string account, string accessKey, AdminCall call, EnabledBody body) =>
            call.AnswerAsync(
                new SetAccessKeyStatus(accessKey, body.Enabled),
                new DescribeAccessKey(accessKey),
                state => AccessKeyBody.Of(accessKey, state))).Describe<AccessKeyBody>(
            "SetAccessKeyStatus", "Lets an access key sign, or forbids it, from the answer on.");
        keys.MapPost("/{accessKey}/rotate", RotateAsync).Describe<AccessKeyBody>(
            "RotateAccessKey",
            "Puts a new access key in an old one's place, which goes on signing for a while and is removed then.",
            StatusCodes.Status201Created);
        keys.MapDelete("/{accessKey}", (string account, string accessKey, AdminCall call) =>
            call.AnswerAsync(new DeleteAccessKey(accessKey))).DescribeNothing(
            "DeleteAccessKey", "Removes an access key.");
    }

    private static async Task<IResult> CreateAsync(string account, AdminCall call, NewAccessKeyBody body)
    {
        var id = body.Id ?? AccessKeyText.NewId();
        var secret = body.Secret ?? AccessKeyText.NewSecret();
        return await call.WithStatusAsync(StatusCodes.Status201Created, call.AnswerAsync(
            new CreateAccessKey(id, secret) { User = body.User },
            new DescribeAccessKey(id),
            state => AccessKeyBody.Of(id, state, secret)));
    }

    private static async Task<IResult> RotateAsync(
        string account, string accessKey, AdminCall call, RotationBody? body = null)
    {
        var (id, secret) = (AccessKeyText.NewId(), AccessKeyText.NewSecret());
        var overlap = TimeSpan.FromSeconds((body ?? new RotationBody()).OverlapSeconds);
        return await call.WithStatusAsync(StatusCodes.Status201Created, call.AnswerAsync(
            new RotateAccessKey(accessKey, id, secret, overlap), state => AccessKeyBody.Of(id, state, secret)));
    }
}
