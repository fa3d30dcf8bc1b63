using LakehouseLab.Emulation.Kafka.Native;

namespace LakehouseLab.Tests.Emulation.Kafka.Native;

/// <summary>Messages are handed over by the library that the binding loads, which a newer binding may name otherwise.</summary>
public sealed class KafkaLibraryTests
{
    [Fact]
    public void FindLoaded_AmongOthers_IsTheOneOfAnyBuild() =>
        Assert.Equal("/p/alpine-librdkafka.so", KafkaLibrary.FindLoaded(["/librdkafka/libc.so", "/p/alpine-librdkafka.so"]));

    [Fact]
    public void FindLoaded_NoneOfThatName_NamesThePackageAndTheRemedy()
    {
        DllNotFoundException failure = Assert.Throws<DllNotFoundException>(() => KafkaLibrary.FindLoaded(["/lib/libc.so"]));
        Assert.Contains("Confluent.Kafka 2.", failure.Message, StringComparison.Ordinal);
        Assert.Contains("use the version of the package that this program was built with", failure.Message, StringComparison.Ordinal);
    }
}
