using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Pipeline.Bronze.Streams;

namespace LakehouseLab.Tests.Pipeline.Bronze.Streams;

public sealed class StreamOffsetsTests
{
    [Fact]
    public void Write_OffsetsOfTwoTopics_AreReadBackAsSparkReadsThem()
    {
        Dictionary<(string Topic, int Partition), long> offsets = new() { [("b", 10)] = 7, [("a\"", 0)] = 0, [("b", 2)] = long.MaxValue };
        string json = StreamOffsets.Write(offsets.Select(static pair => (pair.Key, pair.Value)));
        Assert.Equal("""{"a\u0022":{"0":0},"b":{"2":9223372036854775807,"10":7}}""", json);
        Assert.Equal(offsets, StreamOffsets.Parse(json, "place"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("-")]
    [InlineData("[]")]
    [InlineData("""{"a":1}""")]
    [InlineData("""{"a":{"x":1}}""")]
    [InlineData("""{"a":{"0":"1"}}""")]
    [InlineData("""{"a":{"0":1,"0":2}}""")]
    [InlineData("""{"a":{"0":99999999999999999999}}""")]
    public void Parse_WhatIsNoOffsets_NamesThePlaceAndTheRemedy(string json)
    {
        LakeException refusal = Assert.Throws<LakeException>(() => StreamOffsets.Parse(json, "lake/checkpoint/offsets/3"));
        Assert.StartsWith("lake/checkpoint/offsets/3 is damaged: ", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("--take-over", refusal.Message, StringComparison.Ordinal);
    }
}
