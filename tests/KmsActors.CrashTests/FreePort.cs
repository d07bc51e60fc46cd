using System.Net;
using System.Net.Sockets;

namespace KmsActors.CrashTests;

/// <summary>A port for a server that starts anew and has to have it again.</summary>
internal static class FreePort
{
    // Below those that the system gives to whoever connects: a client that tries a port of its own choice while the
    // server is away could be given that very one.
    private const int First = 20_000;
    private const int End = 32_000;

    /// <summary>One that nobody has now.</summary>
    public static int Find()
    {
        while (true)
        {
            using var listener = new TcpListener(IPAddress.Loopback, Random.Shared.Next(First, End));
            try
            {
                listener.Start();
                return ((IPEndPoint)listener.LocalEndpoint).Port;
            }
            catch (SocketException)
            {
                // Another one, then.
            }
        }
    }
}
