using CsCheck;
using LakehouseLab.Emulation.Kafka;

namespace LakehouseLab.Tests.Emulation.Kafka;

public sealed class RecordHeaderTests
{
    [Fact]
    public void Write_Header_IsUuidThenRowInNetworkOrder()
    {
        byte[] value = new byte[RecordHeader.Size];
        new RecordHeader(Guid.Parse("00112233-4455-6677-8899-aabbccddeeff"), 0x0102030405060708).Write(value);
        Assert.Equal("00112233445566778899AABBCCDDEEFF0102030405060708", Convert.ToHexString(value));
    }

    [Fact]
    public void TryRead_WhatWasWritten_IsTheSame() => Gen.Select(Gen.Guid, Gen.Long[0, long.MaxValue]).Sample((emulation, row) =>
    {
        byte[] value = new byte[RecordHeader.Size];
        new RecordHeader(emulation, row).Write(value);
        Assert.True(RecordHeader.TryRead(value, out RecordHeader header));
        Assert.Equal(new RecordHeader(emulation, row), header);
    });

    [Theory]
    [InlineData("")]
    [InlineData("00112233445566778899AABBCCDDEEFF01020304050607")]
    [InlineData("00112233445566778899AABBCCDDEEFF010203040506070809")]
    [InlineData("00112233445566778899AABBCCDDEEFFFFFFFFFFFFFFFFFF")]
    public void TryRead_AnythingElse_IsNone(string hex) => Assert.False(RecordHeader.TryRead(Convert.FromHexString(hex), out _));
}
