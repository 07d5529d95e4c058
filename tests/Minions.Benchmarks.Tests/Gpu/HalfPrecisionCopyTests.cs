using Minions.Benchmarks.Coupling;
using Minions.Benchmarks.Gpu;
using Minions.Core.OnnxRuntime;

namespace Minions.Benchmarks.Tests.Gpu;

/// <summary>The test models in float16 are the same models: what they choose on the CPU is what they chose before.</summary>
public sealed class HalfPrecisionCopyTests
{
    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}");

    [TearDown]
    public void Delete() => Directory.Delete(_folder, recursive: true);

    [TestCase("target")]
    [TestCase("draft-tales")]
    public async Task A_copy_chooses_as_the_original_and_is_bit_identical_in_any_width(string name)
    {
        string source = RepositoryFiles.PathOf("tests", "models", "family", name);
        HalfPrecisionCopy.Write(source, _folder);
        using OnnxTargetVerifier original = await LoadAsync(source);
        using OnnxTargetVerifier copy = await LoadAsync(_folder);
        int[] text = [.. Enumerable.Range(0, 60).Select(i => (i * 7919 + 13) % 4000)];

        CpuComparison compared = new CpuComparison(0, 0, 0, 0).With(RowCapture.Of(copy, text, 4, CancellationToken.None), RowCapture.Of(original, text, 4, CancellationToken.None));

        Assert.That(compared.Positions, Is.EqualTo(56));
        Assert.That(compared.SameChoices, Is.GreaterThanOrEqualTo(54));
        Assert.That(compared.LargestDifference, Is.GreaterThan(0).And.LessThan(0.5));
        Assert.That(copy.Exactness.IsGuaranteed, Is.True, copy.Exactness.Reason);
        Assert.That((copy.ContextLength, copy.VocabularySize), Is.EqualTo((original.ContextLength, original.VocabularySize)));
    }

    private static Task<OnnxTargetVerifier> LoadAsync(string folder) => OnnxTargetVerifier.LoadAsync(new OnnxModelOptions { Folder = folder, Provider = ExecutionProvider.Cpu });
}
