using Minions.Core.Files;

namespace Minions.Core.Tests.Files;

public sealed class RealPathTests
{
    [Test]
    public void Links_of_links_and_linked_folders_are_followed_to_the_file()
    {
        using var folder = new TemporaryFolder().With(Path.Combine("real", "blob"), "x");
        string real = RealPath.Of(Path.Combine(folder.Path, "real", "blob"));
        Directory.CreateDirectory(Path.Combine(folder.Path, "real", "snapshot"));
        File.CreateSymbolicLink(Path.Combine(folder.Path, "real", "snapshot", "one"), Path.Combine("..", "blob"));
        File.CreateSymbolicLink(Path.Combine(folder.Path, "real", "snapshot", "two"), "one");
        Directory.CreateSymbolicLink(Path.Combine(folder.Path, "linked"), Path.Combine("real", "snapshot"));

        Assert.That(RealPath.Of(Path.Combine(folder.Path, "linked", "two")), Is.EqualTo(real), "what a link says is meant from its real folder");
    }

    [Test]
    public void What_does_not_exist_is_left_as_it_is_written()
    {
        using var folder = new TemporaryFolder();
        string real = RealPath.Of(folder.Path);

        Assert.That(RealPath.Of(Path.Combine(folder.Path, "a", "b")), Is.EqualTo(Path.Combine(real, "a", "b")));
    }

    [Test]
    public void A_circle_is_told()
    {
        using var folder = new TemporaryFolder();
        string one = Path.Combine(folder.Path, "one"), two = Path.Combine(folder.Path, "two");
        File.CreateSymbolicLink(one, two);
        File.CreateSymbolicLink(two, one);

        Assert.That(() => RealPath.Of(one), Throws.InstanceOf<IOException>().With.Message.Contains("circle"));
        Assert.That(PathFault.OfFile(one), Does.Contain(one).And.Contain("circle"));
    }

    [Test]
    public void A_link_to_nothing_is_told_with_both_ends()
    {
        using var folder = new TemporaryFolder();
        string link = Path.Combine(folder.Path, "model.onnx");
        File.CreateSymbolicLink(link, "gone");

        Assert.That(PathFault.IsTaken(link), Is.True);
        Assert.That(PathFault.OfFile(link), Does.Contain($"'{link}'").And.Contain("gone").And.Contain("does not exist"));
    }
}
