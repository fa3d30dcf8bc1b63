namespace LakehouseLab.Tests.Pages;

/// <summary>What docs/add-a-domain.md asks its reader to write.</summary>
public sealed class AddADomainTests
{
    [Fact]
    public void AddADomain_Files_AreOneFolderAndOneModel()
    {
        string[] files = [.. Page.Read("docs/add-a-domain.md").Steps.OfType<FileStep>().Select(step => step.Path)];
        Assert.Single(files.Where(file => file.StartsWith("src/", StringComparison.Ordinal)).Select(Path.GetDirectoryName).Distinct());
        Assert.Single(files, file => file.StartsWith("models/silver/", StringComparison.Ordinal));
        Assert.All(files, file => Assert.False(File.Exists(Path.Combine(Page.Repository, file)), $"{file} is there already"));
    }
}
