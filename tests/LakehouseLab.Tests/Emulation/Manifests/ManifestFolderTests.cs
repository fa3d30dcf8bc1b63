using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Emulation.Manifests;
using LakehouseLab.Storage.Files;

namespace LakehouseLab.Tests.Emulation.Manifests;

public sealed class ManifestFolderTests
{
    [Fact]
    public async Task ListAsync_ManifestsPartsAndOtherFiles_TellsEmulationsAndThoseWithoutManifest()
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        using TemporaryFolder folder = new();
        FileSystemStore store = new(folder.Path);
        Guid whole = Guid.Parse("0f5d7c1e-6c1c-8a3f-9d52-0123456789ab");
        Guid bare = Guid.Parse("1f5d7c1e-6c1c-8a3f-9d52-0123456789ab");
        Guid lost = Guid.Parse("2f5d7c1e-6c1c-8a3f-9d52-0123456789ab");
        string[] keys =
        [
            LakeLayout.Manifest(bare), LakeLayout.Manifest(whole), LakeLayout.ManifestPart(whole, 0), LakeLayout.ManifestPart(lost, 0), LakeLayout.ManifestPart(lost, 1),
            LakeLayout.Manifests + "notes.json", LakeLayout.Manifest(lost) + ".bak", LakeLayout.Manifests + "notes/00000000.json",
        ];
        foreach (string key in keys)
        {
            await store.PutAsync(key, "{}"u8.ToArray(), cancellation);
        }

        ManifestFolder found = await ManifestFolder.ListAsync(store, cancellation);
        Assert.Equal([whole, bare], found.Emulations);
        Assert.Equal([lost], found.WithoutManifest);
    }
}
