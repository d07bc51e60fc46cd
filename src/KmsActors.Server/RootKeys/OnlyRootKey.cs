using System.Text;
using KmsActors.Hsa;
using KmsActors.Storage;

namespace KmsActors.Server;

/// <summary>
/// The root key of a database that is older than versions of it: it was the key file's own key, and the database has
/// a check value of it.
/// </summary>
internal static class OnlyRootKey
{
    /// <summary>The check value's name among the values of the database as a whole.</summary>
    public const string CheckValueName = "root-key-check-value";

    /// <summary>Keeps a start with another root key from bringing such a database to a newer schema.</summary>
    /// <param name="options">What keeps the root key.</param>
    /// <param name="data">Where it is kept if nothing is named.</param>
    /// <param name="storeName">What the database is called in messages.</param>
    public static MigrationGuard Guard(RootKeyOptions options, DataDirectory data, string storeName) => new(
        CheckValueName,
        checkValue =>
        {
            if (checkValue is null) return;
            var name = Custodies.NameOf(options, data);
            if (options.InToken) throw IsNot(name, storeName);
            using var custody = Custodies.Open(options, token: null, data, mayMake: false);
            Require(custody, checkValue, name, storeName);
        });

    /// <summary>It, sealed, as the first version.</summary>
    /// <exception cref="RootKeyException">This custody does not have it.</exception>
    public static byte[] Adopt(
        RootKeyCustody custody, byte[] checkValue, string custodyName, string storeName) =>
        Require(custody, checkValue, custodyName, storeName).SealAsFirst();

    private static KeyFileCustody Require(
        RootKeyCustody custody, byte[] checkValue, string custodyName, string storeName) =>
        custody is KeyFileCustody file && file.IsRootKeyOf(Encoding.ASCII.GetString(checkValue))
            ? file
            : throw IsNot(custodyName, storeName);

    private static RootKeyException IsNot(string custodyName, string storeName) =>
        new($"{custodyName} is not the root key of {storeName}.");
}
