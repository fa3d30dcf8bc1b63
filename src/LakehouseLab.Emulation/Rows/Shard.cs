using System.Globalization;
using LakehouseLab.World.Requests;

namespace LakehouseLab.Emulation.Rows;

/// <summary>One of several parts that a whole is split into, so that as many processes can work on it: the parts are consecutive, have no row
/// in common, and differ in size by one row at most.</summary>
/// <param name="Number">Which part, from 1.</param>
/// <param name="Count">How many parts there are.</param>
public readonly record struct Shard(int Number, int Count)
{
    /// <summary>The most parts of a whole.</summary>
    public const int MostParts = 1_000_000;

    /// <summary>Reads a shard, such as <c>3/16</c>.</summary>
    /// <exception cref="InvalidRequestException">It is not one; the message follows the quoted text.</exception>
    public static Shard Parse(string text)
    {
        string[] numbers = text.Split('/');
        return numbers.Length == 2 && TryRead(numbers[0], out int number) && TryRead(numbers[1], out int count) && number >= 1 && number <= count && count <= MostParts
            ? new Shard(number, count)
            : throw new InvalidRequestException($"is not a shard: write I/N, shard I of N, counted from 1, such as 1/16 for the first and 16/16 for the last");
    }

    /// <summary>The part's rows.</summary>
    /// <param name="whole">The rows of all parts.</param>
    public RowRange Of(RowRange whole) => new(EdgeOf(whole, Number - 1), EdgeOf(whole, Number));

    /// <summary>The shard as <see cref="Parse"/> reads it.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Number}/{Count}");

    private long EdgeOf(RowRange whole, int parts) => whole.FirstRow + (long)((Int128)whole.Rows * parts / Count);

    private static bool TryRead(string text, out int number) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
