using System.Net.Http.Json;
using KmsActors.Benchmarks.Load;
using KmsActors.Benchmarks.Processes;

namespace KmsActors.Benchmarks.Scenarios;

/// <summary>One thing asked in every protocol and with every kind of credential.</summary>
internal static class Protocols
{
    private const int Clients = 16;
    private const string Account = ServerProcess.RootAccount;

    public static async Task RunAsync(Lab lab)
    {
        var (data, keys) = await Stores.OfRootAsync(lab, 1);
        using var server = new ServerProcess(data);
        using var client = new LoadClient(server.Port, Clients);
        var token = await LogInAsync(server.Port);
        var text = new string('a', 1024);
        var aliyun = new SignedRequests(
            ServerProcess.Root, "Encrypt", ("KeyId", keys[0]), ("Plaintext", text));
        var huawei = new HuaweiRequests(
            Account, "encrypt-data", $$"""{"key_id":"{{keys[0]}}","plain_text":"{{text}}"}""");
        Subject[] subjects =
        [
            new("Aliyun, RPC signature", server, client, batch => aliyun.AppendTo(batch)),
            new("Huawei, AK/SK", server, client, batch => huawei.AppendSigned(batch, ServerProcess.Root)),
            new("Huawei, token", server, client, batch => huawei.AppendWithToken(batch, token)),
        ];
        Subject.Measure(lab, subjects);
        Subject.Print(subjects);
        Console.WriteLine($"   {Clients} clients, Encrypt of 1 KiB with one key; for information");
    }

    private static async Task<string> LogInAsync(int port)
    {
        using var http = new HttpClient();
        var answer = await http.PostAsJsonAsync($"http://127.0.0.1:{port}/v3/auth/tokens", new
        {
            auth = new
            {
                identity = new
                {
                    methods = new[] { "password" },
                    password = new
                    {
                        user = new { name = Account, password = ServerProcess.RootPassword, domain = new { name = Account } },
                    },
                },
                scope = new { project = new { name = "cn-hangzhou" } },
            },
        });
        answer.EnsureSuccessStatusCode();
        return answer.Headers.GetValues("X-Subject-Token").Single();
    }
}
