using Minions.Benchmarks.Models;
using Minions.Core.OnnxRuntime;

namespace Minions.Benchmarks.Tests.Models;

public sealed class TextStatesTests
{
    private static readonly int[] Text = [.. Enumerable.Range(0, 40).Select(i => 20 + i * 7 % 200)];

    private OnnxTargetVerifier _target = null!;

    [OneTimeSetUp]
    public async Task Load() => _target = await OnnxTargetVerifier.LoadAsync(new OnnxModelOptions
    {
        Folder = RepositoryFiles.PathOf("tests", "models", "family", "target"), Provider = ExecutionProvider.Cpu, States = { "final" },
    });

    [OneTimeTearDown]
    public void Dispose() => _target.Dispose();

    [TestCase(0)]
    [TestCase(5)]
    public void A_head_is_told_what_a_run_up_to_the_place_would_have_told_it(int window)
    {
        TextStates states = TextStates.Of(_target, Text, window, CancellationToken.None)!;
        foreach (int length in new[] { 3, 20, 21, 24, 10, 40 })
        {
            TextStates direct = TextStates.Of(_target, Text.AsMemory(0, length - 1), 0, CancellationToken.None)!;
            direct.MoveTo(length);

            states.MoveTo(length);

            Assert.That(states.Known.End, Is.EqualTo(length - 1));
            Assert.That(states.Known.End - states.Known.Start, Is.LessThanOrEqualTo(window == 0 ? Text.Length : window));
            for (int position = states.Known.Start; position < length - 1; position++)
                Assert.That(states.Known.Row(position).SequenceEqual(direct.Known.Row(position)), $"position {position} of {length}");
        }
    }

    [Test]
    public async Task A_target_that_gives_none_has_none()
    {
        using OnnxTargetVerifier plain = await OnnxTargetVerifier.LoadAsync(new OnnxModelOptions { Folder = RepositoryFiles.PathOf("tests", "models", "family", "target"), Provider = ExecutionProvider.Cpu });

        Assert.That(TextStates.Of(plain, Text, 0, CancellationToken.None), Is.Null);
    }
}
