namespace LakehouseLab.Audit.Raw;

/// <summary>What a record of a chunk is.</summary>
internal enum RecordPlace
{
    /// <summary>The record of its row, in its place.</summary>
    InPlace,

    /// <summary>The record of its row, stored where another row's should be.</summary>
    Misplaced,

    /// <summary>It does not say which row it is, or one that is elsewhere, and stands where a row is missing: that row, altered.</summary>
    Altered,

    /// <summary>One more than there should be.</summary>
    Extra,
}

/// <summary>
/// Lays the records of a chunk beside the rows that it should hold: the longest sequence of rows in order stays in place, and what
/// stands in the gaps between is matched with what is missing there. So a changed key is one altered row and not a lost one and a
/// stranger, and a line that was moved is blamed itself, not those that it passed.
/// </summary>
internal static class RecordAlignment
{
    /// <summary>Aligns records.</summary>
    /// <param name="rows">Per record, the row that its key names as seen from the chunk's first; -1, or one outside the chunk, for none of the chunk's.</param>
    /// <param name="count">How many rows the chunk should hold.</param>
    /// <returns>Per record, what it is and which row of the chunk.</returns>
    public static (RecordPlace Place, int Row)[] Align(IReadOnlyList<long> rows, int count)
    {
        (RecordPlace Place, int Row)[] places = new (RecordPlace, int)[rows.Count];
        Array.Fill(places, (RecordPlace.Extra, -1));
        bool[] seen = new bool[count];
        foreach (int record in LongestInOrder(rows, count))
        {
            places[record] = (RecordPlace.InPlace, (int)rows[record]);
            seen[rows[record]] = true;
        }

        for (int record = 0; record < rows.Count; record++)
        {
            if (places[record].Place == RecordPlace.Extra && rows[record] >= 0 && rows[record] < count && !seen[rows[record]])
            {
                places[record] = (RecordPlace.Misplaced, (int)rows[record]);
                seen[rows[record]] = true;
            }
        }

        Match(places, seen);
        return places;
    }

    // In each gap between two records in place, those that are left stand for the rows that are left.
    private static void Match((RecordPlace Place, int Row)[] places, bool[] seen)
    {
        int row = 0;
        List<int> extra = [];
        for (int record = 0; record <= places.Length; record++)
        {
            if (record < places.Length && places[record].Place != RecordPlace.InPlace)
            {
                extra.AddRange(places[record].Place == RecordPlace.Extra ? [record] : []);
                continue;
            }

            int end = record < places.Length ? places[record].Row : seen.Length;
            int next = 0;
            for (; row < end; row++)
            {
                if (!seen[row] && next < extra.Count)
                {
                    places[extra[next++]] = (RecordPlace.Altered, row);
                    seen[row] = true;
                }
            }

            row = end + 1;
            extra.Clear();
        }
    }

    // Patience sorting: O(n log n), and a chunk in order costs one comparison a record.
    private static List<int> LongestInOrder(IReadOnlyList<long> rows, int count)
    {
        List<int> tails = [];
        int[] before = new int[rows.Count];
        for (int record = 0; record < rows.Count; record++)
        {
            if (rows[record] < 0 || rows[record] >= count)
            {
                continue;
            }

            int at = tails.Count;
            if (at > 0 && rows[tails[^1]] >= rows[record])
            {
                (int low, at) = (0, tails.Count - 1);
                while (low < at)
                {
                    int middle = (low + at) / 2;
                    (low, at) = rows[tails[middle]] < rows[record] ? (middle + 1, at) : (low, middle);
                }
            }

            before[record] = at == 0 ? -1 : tails[at - 1];
            if (at == tails.Count)
            {
                tails.Add(record);
            }
            else
            {
                tails[at] = record;
            }
        }

        List<int> longest = [];
        for (int record = tails.Count == 0 ? -1 : tails[^1]; record >= 0; record = before[record])
        {
            longest.Add(record);
        }

        longest.Reverse();
        return longest;
    }
}
