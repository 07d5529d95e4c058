using Microsoft.ML.OnnxRuntimeGenAI;
using Minions.Models.Demo;

namespace Minions.Core.GenAI.Tests;

public class NativeLibraryTests
{
    [Test]
    public void GenAI_reads_the_folders_that_this_library_reads()
    {
        using var config = new Config(DemoModels.Target);
        using var model = new Model(config);
        using var tokenizer = new Tokenizer(model);

        Assert.That(tokenizer.GetEosTokenIds().ToArray(), Is.EqualTo(new[] { 2 }));
    }
}
