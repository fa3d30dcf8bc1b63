using System.Globalization;
using System.IO.Hashing;
using System.Text;
using LakehouseLab.World.Domains;
using LakehouseLab.World.Schemas;

namespace LakehouseLab.Decoding.Tasks;

/// <summary>Tells programs that decode alike from others: a hash of the decoder's rules and of every domain's schema and key.</summary>
public static class DecoderFingerprint
{
    // Raised whenever a record gets another verdict or value, or the protocol's documents or the decoded files' columns change.
    private const int Rules = 1;

    /// <summary>This program's, of 32 hexadecimal digits.</summary>
    public static string Value { get; } = Compute();

    private static string Compute()
    {
        XxHash128 hash = new();
        hash.Append(Encoding.UTF8.GetBytes(Rules.ToString(CultureInfo.InvariantCulture)));
        foreach (Domain domain in Domain.All)
        {
            hash.Append(Encoding.UTF8.GetBytes(SchemaDocument.ToJsonSchema(domain.Schema)));
            hash.Append(Encoding.UTF8.GetBytes(string.Join(',', domain.Key.Columns.Select(column => column.Name))));
        }

        return Convert.ToHexStringLower(hash.GetCurrentHash());
    }
}
