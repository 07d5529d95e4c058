using Microsoft.Extensions.Logging.Abstractions;
using Minions.Core.OnnxRuntime.Folder;

namespace Minions.Core.Tests.OnnxRuntime.Folder;

/// <summary>The prior beside a draft: used when it is sound, never a reason to stop.</summary>
public class AgreementFileTests
{
    [Test]
    public void Numbers_between_0_and_1_are_read() =>
        Assert.That(Read("""{ "version": 1, "agreement": [0.6, 0.65, 0.7] }"""), Is.EqualTo(new[] { 0.6, 0.65, 0.7 }));

    [TestCase("""{ "version": 1, "agreement": [0.6, 0.65""", TestName = "A_file_that_is_cut_short_is_ignored")]
    [TestCase("""{ "version": 2, "agreement": [0.6] }""", TestName = "A_later_version_is_ignored")]
    [TestCase("""{ "version": 1, "agreement": [] }""", TestName = "An_empty_list_is_ignored")]
    [TestCase("""{ "version": 1, "agreement": [0.6, -0.1] }""", TestName = "A_negative_number_is_ignored")]
    [TestCase("""{ "version": 1, "agreement": [1] }""", TestName = "Certainty_is_ignored")]
    [TestCase("""{ "version": 1, "agreement": ["NaN"] }""", TestName = "What_is_no_number_is_ignored")]
    [TestCase("""{ "agreement": [0.6] }""", TestName = "A_missing_version_is_ignored")]
    [TestCase("[0.6]", TestName = "What_is_no_object_is_ignored")]
    public void Ignored(string content) => Assert.That(Read(content), Is.Empty);

    [Test]
    public void No_file_is_no_knowledge()
    {
        using var folder = new TemporaryFolder();
        Assert.That(AgreementFile.Read(folder.Path, NullLogger.Instance), Is.Empty);
    }

    private static IReadOnlyList<double> Read(string content)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(Path.Combine(folder.Path, AgreementFile.Name), content);
        return AgreementFile.Read(folder.Path, NullLogger.Instance);
    }
}
