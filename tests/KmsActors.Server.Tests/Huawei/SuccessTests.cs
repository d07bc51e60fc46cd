namespace KmsActors.Server.Tests.Huawei;

/// <summary>A good call of every endpoint: which fields its answer has, in which order, of which type.</summary>
public sealed class SuccessTests(ProjectServer server) : IClassFixture<ProjectServer>
{
    private const string Details =
        "key_id,domain_id,key_alias,realm,key_description,creation_date,scheduled_deletion_date,key_state,"
        + "default_key_flag,key_type,expiration_time,origin,sys_enterprise_project_id,"
        + "key_rotation_enabled,key_spec,key_usage";

    private const string Grant =
        "key_id,grant_id,grantee_principal,grantee_principal_type,operations[],issuing_principal,creation_date,"
        + "name,retiring_principal";

    private static readonly Dictionary<string, string> s_shapes = new()
    {
        ["POST create-key"] = "key_info{key_id,domain_id}",
        ["POST enable-key"] = "key_info{key_id,key_state}",
        ["POST disable-key"] = "key_info{key_id,key_state}",
        ["POST schedule-key-deletion"] = "key_id,key_state",
        ["POST cancel-key-deletion"] = "key_id,key_state",
        ["POST list-keys"] = $"keys[],key_details[{Details}],next_marker,truncated,total#",
        ["POST describe-key"] = $"key_info{{{Details}}}",
        ["POST gen-random"] = "random_data",
        ["POST create-datakey"] = "key_id,plain_text,cipher_text",
        ["POST create-datakey-without-plaintext"] = "key_id,cipher_text",
        ["POST encrypt-datakey"] = "key_id,cipher_text,datakey_length",
        ["POST decrypt-datakey"] = "data_key,datakey_length,datakey_dgst",
        ["GET user-instances"] = "instance_num#",
        ["GET user-quotas"] = "quotas{resources[type,used#,quota#]}",
        ["POST update-key-alias"] = "key_info{key_id,key_alias}",
        ["POST update-key-description"] = "key_info{key_id,key_description}",
        ["POST encrypt-data"] = "key_id,cipher_text",
        ["POST decrypt-data"] = "key_id,plain_text,plain_text_base64",
        ["POST get-parameters-for-import"] = "key_id,import_token,expiration_time#,public_key",
        ["POST import-key-material"] = "",
        ["POST delete-imported-key-material"] = "",
        ["POST resource_instances/action"] =
            $"resources[resource_id,resource_detail{{{Details}}},resource_name,tags[key,value]],total_count#",
        ["GET {key_id}/tags"] = "tags[key,value],existTagsNum#",
        ["GET tags"] = "tags[key,values[]]",
        ["POST {key_id}/tags/action"] = "204",
        ["POST {key_id}/tags"] = "204",
        ["DELETE {key_id}/tags/{key}"] = "204",
        ["POST enable-key-rotation"] = "",
        ["POST disable-key-rotation"] = "",
        ["POST update-key-rotation-interval"] = "",
        ["POST get-key-rotation-status"] =
            "key_rotation_enabled?,rotation_interval#,last_rotation_time,number_of_rotations#",
        ["POST create-grant"] = "grant_id",
        ["POST list-grants"] = $"grants[{Grant}],next_marker,truncated,total#",
        ["POST revoke-grant"] = "",
        ["POST retire-grant"] = "",
        ["POST sign"] = "key_id,signature",
        ["POST verify"] = "key_id,signature_valid",
        ["POST get-publickey"] = "key_id,public_key",
    };

    public static IEnumerable<object[]> Endpoints =>
        from endpoint in Requests.All
        from proof in Enum.GetValues<Proof>()
        select new object[] { endpoint, proof };

    [Fact]
    public void Shapes_AgainstTheServersTable_HaveEveryEndpoint() =>
        Assert.Equal(Requests.All, s_shapes.Keys.Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Endpoints))]
    public async Task Answer_OfEveryEndpoint_HasItsShape(string endpoint, Proof proof)
    {
        var project = await server.ProjectAsync(proof);
        var ask = await Requests.GoodAsync(endpoint, project);
        var answer = await project.SendAsync(ask);
        var shape = s_shapes[endpoint];
        answer.AssertOk(shape == "204" ? 204 : 200);
        if (shape != "204") Assert.Equal(shape, answer.Shape());
        if (shape is "") Assert.Equal("{}", answer.Text);
    }

    // The document allows a sequence in every request; current clients send more fields than it has.
    [Theory]
    [MemberData(nameof(Endpoints))]
    public async Task Sequence_AndUnknownFields_AreTakenEverywhere(string endpoint, Proof proof)
    {
        var project = await server.ProjectAsync(proof);
        var ask = await Requests.GoodAsync(endpoint, project);
        if (ask.Method != "POST") return;
        foreach (var bad in new[]
        {
            "", "=5", "919c82d4-8046-4722-9094-35c3c6524cf", "919c82d4x8046-4722-9094-35c3c6524cff",
        })
            await project.RefusedAsync("KMS.0206", ask with { Body = HuaweiJson.With(ask.Body!, "sequence", bad) });
        var more = HuaweiJson.With(ask.Body!, "sequence", "919c82d4-8046-4722-9094-35C3C6524CFF");
        var answer = await project.SendAsync(ask with { Body = HuaweiJson.With(more, "keystore_id", "=[{\"a\":1}]") });
        answer.AssertOk(s_shapes[endpoint] == "204" ? 204 : 200);
    }

    [Fact]
    public async Task RequestIds_OfAnswersAndErrors_AreAllDifferent()
    {
        var project = await server.ProjectAsync(Proof.Signature);
        var keyId = await project.KeyAsync();
        string[] ids =
        [
            (await project.DescribeAsync(keyId)).RequestId,
            (await project.DescribeAsync(keyId)).RequestId,
            (await project.PostAsync("describe-key", new { })).RequestId,
            (await project.SendAsync(Ask.Delete($"{keyId}/tags/a"))).RequestId,
            (await project.SendAsync(Ask.Get("nowhere"))).RequestId,
        ];
        Assert.Equal(ids.Length, ids.Distinct().Count());
    }
}
