// A setup module: the SDK runs it before the role's main one. The linker has frozen the built-in objects and stripped
// what evaluates text, reads the clock or draws chance; what is still named on the global object is overwritten here
// (it cannot be deleted from what is in ROM), and the global object is frozen as well. Modules that are preloaded ran
// at build time.

const REMOVED = ["eval", "Function", "Compartment", "ModuleSource", "Date"];

export default function (done) {
	for (const name of REMOVED)
		globalThis[name] = undefined;
	Object.freeze(globalThis);
	done();
}
