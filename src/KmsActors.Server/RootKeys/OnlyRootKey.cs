using System.Text;
using KmsActors.Hsa;

namespace KmsActors.Server;

/// <summary>
/// The root key of a database that is older than versions of it: it was the key file's own key, and the database has
/// a check value of it.
/// </summary>
internal static class OnlyRootKey
{
    /// <summary>The check value's name among the values of the database as a whole.</summary>
    public const string CheckValueName = "root-key-check-value";

    /// <summary>It, sealed, as the first version.</summary>
    /// <exception cref="RootKeyException">This custody does not have it.</exception>
    public static byte[] Adopt(RootKeyCustody custody, byte[] checkValue, string custodyName, string storeName) =>
        custody is KeyFileCustody file && file.IsRootKeyOf(Encoding.ASCII.GetString(checkValue))
            ? file.SealAsFirst()
            : throw new RootKeyException($"{custodyName} is not the root key of {storeName}.");
}
