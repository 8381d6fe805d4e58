// The SDK runs this before the role's main module: sim/sdk/lin/loop.c

function plugIn() @ "xs_plug_in";

export default function (done) {
	plugIn();
	done();
}
