using Minions.Extensions.AI.Chat;

namespace Minions.Extensions.AI.Tests.Chat;

internal sealed class ModelNameTests
{
    [TestCase("/models/phi-4-mini", "phi-4-mini")]
    [TestCase("/models/phi-4-mini/", "phi-4-mini")]
    [TestCase("/models/smollm2/target", "smollm2")]
    [TestCase("/models/gemma/ONNX", "gemma")]
    [TestCase("/target", "target")]
    [TestCase("/cache/models--HuggingFaceTB--SmolLM2-135M/snapshots/0a1b2c", "HuggingFaceTB/SmolLM2-135M")]
    [TestCase("", null)]
    [TestCase(null, null)]
    public void A_folder_tells_the_name(string? folder, string? expected) => Assert.That(ModelName.Of(folder), Is.EqualTo(expected));
}
